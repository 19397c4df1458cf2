package io.cloister.channel.grpc;

import io.cloister.attestation.Attester;
import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Policy;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.platform.AttestationService;
import io.cloister.attestation.platform.PureJavaPlatform;
import io.cloister.attestation.platform.SimulatedGuest;
import io.cloister.attestation.platform.TestAuthority;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.channel.PeerAddress;
import io.cloister.channel.PeerStatus;
import io.cloister.channel.PeerVerifier;
import io.cloister.channel.Topic;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A node with a simulated chip of its own: real reports, real verification, real TLS over loopback. */
final class TestNode implements AutoCloseable {
    static final String CHAIN = "test-1";
    static final Bytes MEASUREMENT = Hashes.sha384(Bytes.utf8("release"));
    static final Bytes POLICY_DIGEST = Hashes.sha256(Bytes.utf8("policy"));
    static final Bytes GENESIS = Hashes.sha256(Bytes.utf8("genesis"));

    /** Times that suit a test: short waits, no re-attestation unless asked for. */
    static final ChannelSettings QUICK = ChannelSettings.defaults()
            .with(new ChannelSettings.Dialling(Duration.ofMillis(20), Duration.ofMillis(200)))
            .with(new ChannelSettings.Attempts(10_000, 1_000, 256));

    private static final TestAuthority AUTHORITY = TestChips.authority(ProductLine.GENOA);
    private static final Policy POLICY = Policy.devnet(List.of(MEASUREMENT), List.of(AUTHORITY.rootDigest()));
    private static final EvidenceVerifier VERIFIER = new EvidenceVerifier();

    /** What a node is made of; a test changes what it needs to. */
    record Plan(
            SigningKey slot,
            long boot,
            String chain,
            SimulatedGuest guest,
            Bytes policyDigest,
            Bytes genesis,
            ChannelSettings settings,
            UnaryOperator<Attester> attester,
            UnaryOperator<PeerVerifier> verifier,
            int port) {
        static Plan of(SigningKey slot) {
            return new Plan(
                    slot,
                    1,
                    CHAIN,
                    SimulatedGuest.of(MEASUREMENT),
                    POLICY_DIGEST,
                    GENESIS,
                    QUICK,
                    UnaryOperator.identity(),
                    UnaryOperator.identity(),
                    0);
        }

        Plan boot(long counter) {
            return new Plan(slot, counter, chain, guest, policyDigest, genesis, settings, attester, verifier, port);
        }

        Plan chain(String other) {
            return new Plan(slot, boot, other, guest, policyDigest, genesis, settings, attester, verifier, port);
        }

        Plan guest(SimulatedGuest other) {
            return new Plan(slot, boot, chain, other, policyDigest, genesis, settings, attester, verifier, port);
        }

        Plan policy(Bytes digest) {
            return new Plan(slot, boot, chain, guest, digest, genesis, settings, attester, verifier, port);
        }

        Plan genesis(Bytes digest) {
            return new Plan(slot, boot, chain, guest, policyDigest, digest, settings, attester, verifier, port);
        }

        Plan settings(UnaryOperator<ChannelSettings> change) {
            return new Plan(
                    slot, boot, chain, guest, policyDigest, genesis, change.apply(settings), attester, verifier, port);
        }

        Plan attester(UnaryOperator<Attester> other) {
            return new Plan(slot, boot, chain, guest, policyDigest, genesis, settings, other, verifier, port);
        }

        Plan verifier(UnaryOperator<PeerVerifier> other) {
            return new Plan(slot, boot, chain, guest, policyDigest, genesis, settings, attester, other, port);
        }

        Plan port(int fixed) {
            return new Plan(slot, boot, chain, guest, policyDigest, genesis, settings, attester, verifier, fixed);
        }
    }

    /** A message that arrived. */
    record Received(Bytes from, Topic topic, Bytes payload) {}

    private final Plan plan;
    private final PureJavaPlatform platform;
    private final AttestationService service;
    private final ChannelConfig config;
    private final GrpcPeerNetwork network;
    private final Map<Bytes, PeerAddress> peers = new ConcurrentHashMap<>();
    private final List<Received> received = new CopyOnWriteArrayList<>();

    TestNode(Plan plan) {
        this.plan = plan;
        this.platform = new PureJavaPlatform(TestChips.chip(ProductLine.GENOA), plan.guest());
        TlsIdentity tls = TlsIdentity.generate(Instant.now());
        Bytes id = plan.slot().id();
        BootKeySet keys = new BootKeySet(
                plan.chain(),
                id,
                plan.boot(),
                tls.spki(),
                SigningKey.generate().id(),
                SigningKey.generate().id(),
                Bytes.zeros(32),
                SigningKey.generate().id());
        AttestationService.Settings limits = new AttestationService.Settings(Duration.ofMillis(10), 256, 4096);
        this.service = new AttestationService(platform, () -> keys, limits);
        this.config = new ChannelConfig(
                plan.slot(),
                keys,
                tls,
                new InetSocketAddress("127.0.0.1", plan.port()),
                () -> List.copyOf(peers.values()),
                plan.attester().apply(service),
                plan.verifier().apply((evidence, leaf) -> VERIFIER.verify(evidence, leaf, POLICY, Instant.now())),
                plan.policyDigest(),
                plan.genesis(),
                plan.settings());
        this.network = new GrpcPeerNetwork(config);
    }

    /** Slot keys in the order of their node ids: each dials the ones behind it. */
    static List<SigningKey> slots(int count) {
        return Stream.generate(SigningKey::generate)
                .limit(count)
                .sorted(Comparator.comparing(SigningKey::id))
                .toList();
    }

    /** Started nodes that know each other. */
    static List<TestNode> network(List<Plan> plans) {
        List<TestNode> nodes = new ArrayList<>();
        for (Plan plan : plans) {
            nodes.add(new TestNode(plan).start());
        }
        introduce(nodes);
        return nodes;
    }

    static void introduce(List<TestNode> nodes) {
        for (TestNode node : nodes) {
            for (TestNode other : nodes) {
                node.peers.put(other.id(), other.address());
            }
        }
        nodes.forEach(node -> node.network.refreshPeers());
    }

    TestNode start() {
        try {
            network.start();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps what arrives on every topic. */
    TestNode listening() {
        for (Topic topic : Topic.values()) {
            network.subscribe(topic, (from, payload) -> received.add(new Received(from, topic, payload)));
        }
        return this;
    }

    void knows(PeerAddress peer) {
        peers.put(peer.nodeId(), peer);
        network.refreshPeers();
    }

    void forgets(Bytes nodeId) {
        peers.remove(nodeId);
        network.refreshPeers();
    }

    Bytes id() {
        return plan.slot().id();
    }

    PeerAddress address() {
        return new PeerAddress(id(), "127.0.0.1", network.port());
    }

    GrpcPeerNetwork network() {
        return network;
    }

    ChannelConfig config() {
        return config;
    }

    AttestationService service() {
        return service;
    }

    List<Received> received() {
        return received;
    }

    List<Bytes> received(Topic topic) {
        return received.stream()
                .filter(message -> message.topic() == topic)
                .map(Received::payload)
                .toList();
    }

    boolean sees(TestNode other) {
        return network.connected().contains(other.id());
    }

    Optional<PeerStatus> statusOf(TestNode other) {
        return network.status().stream()
                .filter(status -> status.nodeId().equals(other.id()))
                .findFirst();
    }

    @Override
    public void close() {
        network.close();
        service.close();
        platform.close();
    }
}
