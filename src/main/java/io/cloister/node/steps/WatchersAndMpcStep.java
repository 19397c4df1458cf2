package io.cloister.node.steps;

import io.cloister.attestation.Attester;
import io.cloister.attestation.BootKeySet;
import io.cloister.bridge.EventHub;
import io.cloister.bridge.genesis.GenesisFile;
import io.cloister.bridge.runner.BridgeRunner;
import io.cloister.bridge.runner.Sightings;
import io.cloister.channel.PeerNetwork;
import io.cloister.consensus.engine.Engine;
import io.cloister.crypto.SecretBytes;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.LedgerClient;
import io.cloister.mpc.KeyShareStore;
import io.cloister.mpc.dealing.ShareKey;
import io.cloister.mpc.node.MpcNode;
import io.cloister.mpc.protocol.Self;
import io.cloister.multichain.BitcoinProfile;
import io.cloister.multichain.ChainProfiles;
import io.cloister.multichain.EthereumProfile;
import io.cloister.multichain.rpc.BitcoinRpc;
import io.cloister.multichain.rpc.Endpoint;
import io.cloister.multichain.rpc.EthereumRpc;
import io.cloister.multichain.rpc.JsonRpc;
import io.cloister.node.boot.BootContext;
import io.cloister.node.boot.BootStage;
import io.cloister.node.boot.BootStep;
import io.cloister.node.settings.Settings;
import io.cloister.node.steps.GenesisStep.Seat;
import io.cloister.vault.KeyShares;
import io.cloister.vault.hibernate.Transactions;
import io.cloister.vault.identity.NodeIdentity;
import io.cloister.vault.store.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Starts what acts on the ledger's state: this boot's re-key and its evidence, reports of misbehaviour, the threshold protocols, the chains' runners. */
@ApplicationScoped
public class WatchersAndMpcStep implements BootStep {
    private static final Duration RPC_DEADLINE = Duration.ofSeconds(10);

    @Override
    public String name() {
        return BootStage.WATCHERS_AND_MPC.name();
    }

    @Override
    public void run(BootContext context) {
        Ledger ledger = context.get(Ledger.class);
        ReKeyer reKeyer = ReKeyer.of(context);
        ledger.addListener(reKeyer);
        context.watch("this boot", reKeyer::fenced);
        EvidenceReporter reporter =
                new EvidenceReporter(context.get(Engine.class)::evidence, context.get(LedgerClient.class));
        ledger.addListener(reporter);
        ledger.addListener(new Refresher(
                context.get(Seat.class).slot(),
                context.get(BootKeySet.class),
                context.get(Attester.class),
                context.get(LedgerClient.class)));
        MembershipAlarms alarms = new MembershipAlarms();
        ledger.addListener(alarms);
        context.provide(MembershipAlarms.class, alarms);
        MpcNode mpc = mpc(context);
        ledger.addListener(mpc);
        mpc.start();
        context.closeAtStop("the threshold protocols", mpc);
        context.watch("the threshold protocols", mpc::ended);
        context.provide(MpcNode.class, mpc);
        Sightings sightings = new Sightings(context.get(EventHub.class));
        BridgeRunner runner = BridgeRunner.of(context.get(GenesisFile.class).assets(), setup(context, sightings));
        ledger.addListener(runner);
        runner.start();
        context.closeAtStop("the chains' runners", runner);
        context.provide(Sightings.class, sightings);
        context.provide(BridgeRunner.class, runner);
    }

    private static MpcNode mpc(BootContext context) {
        NodeIdentity identity = context.get(NodeIdentity.class);
        ShareKey epochKey = ShareKey.of(identity.epochKey().copy());
        context.closeAtStop("the epoch's share key", epochKey);
        Self self = new Self(
                identity.nodeId(),
                context.get(BootKeys.class).votes(),
                epochKey,
                context.get(BootKeys.class).shares(),
                identity.bootCounter());
        KeyShares shares =
                new io.cloister.vault.identity.KeyShareStore(context.get(Vault.class), context.get(Transactions.class));
        return new MpcNode(
                self,
                new SealedShares(shares),
                Modules::committee,
                context.get(PeerNetwork.class),
                context.get(LedgerClient.class));
    }

    /** Key shares in the vault. */
    private record SealedShares(KeyShares vault) implements KeyShareStore {
        private static final String KIND = "mpc";

        @Override
        public void put(String id, long epoch, SecretBytes secret) {
            vault.save(new KeyShares.ShareInfo(name(id, epoch), epoch, KIND), secret);
        }

        @Override
        public Optional<SecretBytes> get(String id, long epoch) {
            return vault.find(name(id, epoch));
        }

        private static String name(String id, long epoch) {
            return epoch + "/" + id;
        }
    }

    private static BridgeRunner.Setup setup(BootContext context, Sightings sightings) {
        Map<String, BitcoinRpc> bitcoin = new HashMap<>();
        Map<String, EthereumRpc> ethereum = new HashMap<>();
        context.get(Settings.class).chains().forEach((name, access) -> {
            JsonRpc rpc = rpc(access);
            context.closeAtStop("the connections to " + name, rpc);
            switch (ChainProfiles.named(name)) {
                case BitcoinProfile profile -> bitcoin.put(name, new BitcoinRpc(rpc, profile));
                case EthereumProfile profile -> ethereum.put(name, new EthereumRpc(rpc, profile));
            }
        });
        context.provide(ChainClients.class, new ChainClients(Map.copyOf(bitcoin), Map.copyOf(ethereum)));
        return new BridgeRunner.Setup(
                context.get(LedgerClient.class),
                context.get(Seat.class).slot(),
                sightings,
                bitcoin,
                ethereum,
                context.get(GenesisFile.class).checkpoints(),
                InstantSource.system());
    }

    /** How this node reaches the chains. */
    public record ChainClients(Map<String, BitcoinRpc> bitcoin, Map<String, EthereumRpc> ethereum) {}

    private static JsonRpc rpc(Settings.ChainAccess access) {
        List<Endpoint> endpoints = access.rpc().stream()
                .map(uri -> Endpoint.parse(withUser(uri, access)))
                .toList();
        return new JsonRpc(endpoints, endpoints.size() / 2 + 1, RPC_DEADLINE);
    }

    private static String withUser(URI uri, Settings.ChainAccess access) {
        String user = access.user()
                .map(u -> u + access.password().map(p -> ":" + p).orElse("") + "@")
                .orElse("");
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return uri.getScheme() + "://" + user + uri.getRawAuthority() + path;
    }
}
