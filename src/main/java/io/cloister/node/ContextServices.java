package io.cloister.node;

import io.cloister.api.NodeServices;
import io.cloister.attestation.Attester;
import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Policy;
import io.cloister.attestation.Verdict;
import io.cloister.attestation.platform.AttestationService;
import io.cloister.attestation.platform.Platform;
import io.cloister.bridge.EventHub;
import io.cloister.bridge.runner.BridgeRunner;
import io.cloister.bridge.runner.Sightings;
import io.cloister.channel.PeerEvidence;
import io.cloister.channel.PeerNetwork;
import io.cloister.codec.Bytes;
import io.cloister.consensus.engine.Engine;
import io.cloister.crypto.SigningKey;
import io.cloister.evm.exchange.ServingKeys;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.LedgerClient;
import io.cloister.ledger.membership.NodeRecord;
import io.cloister.mpc.node.MpcNode;
import io.cloister.multichain.rpc.EthereumRpc;
import io.cloister.node.boot.BootContext;
import io.cloister.node.boot.BootSequence;
import io.cloister.node.settings.Settings;
import io.cloister.node.steps.BootKeys;
import io.cloister.node.steps.GenesisStep.Seat;
import io.cloister.node.steps.SelfVerificationStep.SelfVerdict;
import io.cloister.node.steps.WatchersAndMpcStep.ChainClients;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What the boot's steps have provided so far, as the public interface asks for it. */
@ApplicationScoped
public class ContextServices implements NodeServices {
    private static final String RELEASE = "release";

    @Inject
    private BootContext context;

    @Inject
    private BootSequence boot;

    @Override
    public String chainId() {
        return context.find(Settings.class).map(Settings::chainId).orElse("");
    }

    @Override
    public String step() {
        return boot.status().stage().name();
    }

    @Override
    public Optional<String> failure() {
        return boot.status().cause();
    }

    @Override
    public Optional<String> platform() {
        return context.find(Platform.class).map(platform -> platform.name() + stopped());
    }

    /** Why the node attests no more, such as a driver that has wiped its key. */
    private String stopped() {
        return context.find(Attester.class)
                .flatMap(attester -> attester instanceof AttestationService service
                        ? service.status().wiped()
                        : Optional.empty())
                .map(why -> "; attests no more: " + why)
                .orElse("");
    }

    @Override
    public Optional<Verdict> self() {
        return context.find(SelfVerdict.class).map(SelfVerdict::verdict);
    }

    @Override
    public Optional<Bytes> measurement() {
        return context.find(SelfVerdict.class).map(v -> v.report().measurement());
    }

    @Override
    public Optional<Path> releaseFolder() {
        return context.find(Settings.class)
                .map(settings -> settings.dataDirectory().resolve(RELEASE));
    }

    @Override
    public Optional<BootKeySet> bootKeys() {
        return context.find(BootKeySet.class)
                .map(set -> set.withHpkeKey(context.get(BootKeys.class).hpkeKey()));
    }

    @Override
    public Optional<ServingKeys> servingKeys() {
        return context.find(BootKeys.class).map(BootKeys::hpke);
    }

    @Override
    public Optional<SigningKey> resultKey() {
        return context.find(BootKeys.class).map(BootKeys::results);
    }

    @Override
    public Optional<NodeRecord> record() {
        return context.find(NodeRecord.class);
    }

    @Override
    public Optional<Attester> attester() {
        return context.find(Attester.class);
    }

    @Override
    public Optional<EvidenceVerifier> verifier() {
        return context.find(EvidenceVerifier.class);
    }

    @Override
    public Optional<Policy> policy() {
        return context.find(Policy.class);
    }

    @Override
    public Optional<PeerNetwork> peers() {
        return context.find(PeerNetwork.class);
    }

    @Override
    public Optional<PeerEvidence> peerEvidence() {
        return context.find(PeerEvidence.class);
    }

    @Override
    public Optional<Integer> slot() {
        return context.find(Seat.class).map(Seat::slot);
    }

    @Override
    public Optional<Ledger> ledger() {
        return context.find(Ledger.class);
    }

    @Override
    public Optional<LedgerClient> client() {
        return context.find(LedgerClient.class);
    }

    @Override
    public Optional<Engine> engine() {
        return context.find(Engine.class);
    }

    @Override
    public Optional<MpcNode> mpc() {
        return context.find(MpcNode.class);
    }

    @Override
    public Optional<EventHub> events() {
        return context.find(EventHub.class);
    }

    @Override
    public Optional<Sightings> sightings() {
        return context.find(Sightings.class);
    }

    @Override
    public Optional<BridgeRunner> runner() {
        return context.find(BridgeRunner.class);
    }

    @Override
    public Map<String, EthereumRpc> evmChains() {
        return context.find(ChainClients.class).map(ChainClients::ethereum).orElse(Map.of());
    }
}
