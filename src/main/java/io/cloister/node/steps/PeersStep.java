package io.cloister.node.steps;

import io.cloister.attestation.Attester;
import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Policy;
import io.cloister.bridge.genesis.GenesisFile;
import io.cloister.channel.PeerEvidence;
import io.cloister.channel.PeerNetwork;
import io.cloister.channel.grpc.ChannelConfig;
import io.cloister.channel.grpc.ChannelSettings;
import io.cloister.channel.grpc.GrpcPeerNetwork;
import io.cloister.ledger.membership.Member;
import io.cloister.node.boot.BootContext;
import io.cloister.node.boot.BootStage;
import io.cloister.node.boot.BootStep;
import io.cloister.node.heads.HeadExchange;
import io.cloister.node.heads.KeptHeads;
import io.cloister.node.parts.PartExchange;
import io.cloister.node.settings.Settings;
import io.cloister.node.steps.GenesisStep.Seat;
import io.cloister.vault.hibernate.Transactions;
import io.cloister.vault.identity.IdentityStore;
import io.cloister.vault.identity.NodeIdentity;
import io.cloister.vault.identity.PartStore;
import io.cloister.vault.identity.PeerHeadStore;
import io.cloister.vault.store.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;

/**
 * Opens the channel and waits until so many peers are verified that the committee could decide: n - f with this node.
 * The policy of the genesis judges peers, and this node's own as well: a local policy may only refuse.
 */
@ApplicationScoped
public class PeersStep implements BootStep {
    private static final long PAUSE_MILLIS = 50;
    private static final Duration LONGEST_REDIAL = Duration.ofSeconds(2);

    @Override
    public String name() {
        return BootStage.PEERS.name();
    }

    @Override
    public void run(BootContext context) throws IOException, InterruptedException {
        GrpcPeerNetwork network = new GrpcPeerNetwork(config(context));
        context.closeAtStop("the channel", network);
        PartStore kept = new PartStore(context.get(Vault.class), context.get(Transactions.class));
        Seat seat = context.get(Seat.class);
        int keepers = seat.members() - 1 - seat.faulty();
        long generation = context.get(NodeIdentity.class).bootCounter();
        PartExchange parts = new PartExchange(network, kept, keepers, generation);
        context.provide(PeerNetwork.class, network);
        context.provide(GrpcPeerNetwork.class, network);
        context.provide(PartExchange.class, parts);
        context.provide(HeadExchange.class, heads(context, network));
        StaleBoot stale = new StaleBoot(
                network,
                seat.faulty(),
                context.get(NodeIdentity.class).bootCounter(),
                new IdentityStore(context.get(Vault.class), context.get(Transactions.class))::raise);
        network.start();
        int enough = seat.members() - seat.faulty() - 1;
        while (network.connected().size() < enough) {
            stale.require();
            Thread.sleep(PAUSE_MILLIS);
        }
        context.watch("this boot", stale::ended);
    }

    private static HeadExchange heads(BootContext context, PeerNetwork network) {
        NodeIdentity identity = context.get(NodeIdentity.class);
        GenesisFile genesis = context.get(GenesisFile.class);
        HeadExchange heads = new HeadExchange(
                network,
                identity.slotKey(),
                genesis.chainId(),
                identity.bootCounter(),
                KeptHeads.in(new PeerHeadStore(context.get(Vault.class))),
                genesis.members().stream().map(Member::nodeId).toList());
        heads.start();
        context.closeAtStop("the exchange of heads", heads);
        return heads;
    }

    private static ChannelConfig config(BootContext context) {
        GenesisFile genesis = context.get(GenesisFile.class);
        Settings settings = context.get(Settings.class);
        EvidenceVerifier verifier = context.get(EvidenceVerifier.class);
        Policy own = context.get(Policy.class);
        PeerEvidence seen = new PeerEvidence((evidence, leaf) -> {
            Instant now = Instant.now();
            var network = verifier.verify(evidence, leaf, genesis.policy(), now);
            return network.accepted() && !own.digest().equals(genesis.policy().digest())
                    ? verifier.verify(evidence, leaf, own, now)
                    : network;
        });
        context.provide(PeerEvidence.class, seen);
        ChannelSettings defaults = ChannelSettings.defaults();
        return new ChannelConfig(
                context.get(NodeIdentity.class).slotKey(),
                context.get(BootKeySet.class),
                context.get(BootKeys.class).tls(),
                new InetSocketAddress(
                        settings.channel().host(), settings.channel().port()),
                genesis::addresses,
                context.get(Attester.class),
                seen,
                genesis.policy().digest(),
                genesis.digest(),
                defaults.with(new ChannelSettings.Dialling(defaults.dialling().first(), LONGEST_REDIAL)));
    }
}
