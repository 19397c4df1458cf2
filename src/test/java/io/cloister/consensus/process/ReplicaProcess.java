package io.cloister.consensus.process;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Policy;
import io.cloister.attestation.platform.AttestationService;
import io.cloister.attestation.platform.PureJavaPlatform;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.platform.SimulatedGuest;
import io.cloister.channel.ChannelMetrics;
import io.cloister.channel.PeerAddress;
import io.cloister.channel.grpc.ChannelConfig;
import io.cloister.channel.grpc.ChannelSettings;
import io.cloister.channel.grpc.GrpcPeerNetwork;
import io.cloister.channel.grpc.TlsIdentity;
import io.cloister.codec.Bytes;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.engine.Engine;
import io.cloister.consensus.ingress.Ingress;
import io.cloister.consensus.ingress.IngressSettings;
import io.cloister.consensus.store.ConsensusTables;
import io.cloister.consensus.store.FileConsensusLog;
import io.cloister.consensus.store.VaultConsensusStore;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.SecretBytes;
import io.cloister.crypto.SigningKey;
import io.cloister.vault.Level;
import io.cloister.vault.Schema;
import io.cloister.vault.SealMetadata;
import io.cloister.vault.store.Vault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One node in a process: {@code ReplicaProcess FILE}. Attests with a simulated chip of its own, keeps its chain in
 * PostgreSQL, serves clients. Says {@code ready} when it takes part. Ends when its standard input does, so that it never
 * outlives who started it; kill it whenever you like. Each start is a boot with a vote key of its own, which gets its seat
 * by itself; one that finds its disk to be an old one ends with {@value #START_AGAIN} and is to be started again.
 */
public final class ReplicaProcess {
    /** The exit code of a boot that gives way to the next. */
    static final int START_AGAIN = 75;

    static final Bytes MEASUREMENT = Hashes.sha384(Bytes.utf8("a release"));

    private static final ChannelSettings CHANNEL = ChannelSettings.defaults()
            .with(new ChannelSettings.Dialling(Duration.ofMillis(50), Duration.ofSeconds(1)))
            .with(new ChannelSettings.Attempts(10_000, 1_000, 256));

    private ReplicaProcess() {}

    /** Runs until it is killed or its standard input ends. */
    public static void main(String[] arguments) throws IOException {
        Running running = start(ReplicaConfig.read(Path.of(arguments[0])));
        System.out.println("ready");
        try (BufferedReader words = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = words.readLine(); line != null; line = words.readLine()) {
                running.obey(line);
            }
        }
        System.exit(0);
    }

    private static Running start(ReplicaConfig config) throws IOException {
        ReplicaKeys keys = config.keys();
        SigningKey slotKey = keys.slotKey(config.slot());
        Boot boot = Boot.next(config.folder(), slotKey, keys.voteKey(config.slot()));
        Genesis genesis = keys.genesis();
        TlsIdentity tls = TlsIdentity.generate(Instant.now());
        GrpcPeerNetwork network = network(config, genesis, boot, tls);
        Vault vault = vault(config, slotKey.id());
        SetFiles sets = new SetFiles(config.sets(), genesis.validators());
        RequestApplication application = new RequestApplication(genesis, sets::add);
        AtomicLong clockOffset = new AtomicLong(config.clockOffset());
        Engine engine = new Engine(
                config.engine(),
                genesis,
                boot,
                network,
                new VaultConsensusStore(vault),
                new FileConsensusLog(vault.fileJournal(
                        ConsensusTables.JOURNAL, config.folder().resolve("journal"))),
                application,
                () -> Instant.now().plusMillis(clockOffset.get()));
        boot.connect(engine::stated);
        network.start();
        engine.start();
        new Ingress(engine, tls, config.clients(), IngressSettings.DEFAULT, new ChannelMetrics()).start();
        new SeatKeeper(config.slot(), boot, engine, application, network, known -> giveWay(config, known)).start();
        return new Running(engine, application, clockOffset);
    }

    private static void giveWay(ReplicaConfig config, long known) {
        System.out.println("rollback detected: boot " + known + " is known of slot " + config.slot());
        try {
            Boot.note(config.folder(), known);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        System.exit(START_AGAIN);
    }

    private static GrpcPeerNetwork network(ReplicaConfig config, Genesis genesis, Boot boot, TlsIdentity tls)
            throws IOException {
        BootKeySet bootKeys = new BootKeySet(
                genesis.chainId(),
                boot.slotKey().id(),
                boot.counter(),
                tls.spki(),
                boot.voteKey(),
                SigningKey.generate().id(),
                Bytes.zeros(32),
                SigningKey.generate().id());
        PureJavaPlatform platform =
                new PureJavaPlatform(SimulatedChip.load(config.folder()), SimulatedGuest.of(MEASUREMENT));
        AttestationService attester = new AttestationService(
                platform, () -> bootKeys, new AttestationService.Settings(Duration.ofMillis(10), 256, 4096));
        EvidenceVerifier verifier = new EvidenceVerifier();
        Policy policy = Policy.devnet(List.of(MEASUREMENT), List.of(config.authority()));
        List<PeerAddress> peers = peers(config);
        return new GrpcPeerNetwork(new ChannelConfig(
                boot.slotKey(),
                bootKeys,
                tls,
                config.peers(),
                () -> peers,
                attester,
                (evidence, leaf) -> verifier.verify(evidence, leaf, policy, Instant.now()),
                Hashes.sha256(Bytes.utf8("policy")),
                genesis.id(),
                CHANNEL));
    }

    private static List<PeerAddress> peers(ReplicaConfig config) {
        List<PeerAddress> peers = new ArrayList<>();
        for (String address : config.addresses()) {
            int colon = address.lastIndexOf(':');
            peers.add(new PeerAddress(
                    config.keys().slotKey(peers.size() + 1).id(),
                    address.substring(0, colon),
                    Integer.parseInt(address.substring(colon + 1))));
        }
        return peers;
    }

    private static Vault vault(ReplicaConfig config, Bytes nodeId) {
        SealMetadata metadata = new SealMetadata(MEASUREMENT, Bytes.utf8("policy"), Bytes.utf8("tcb"));
        try (SecretBytes seal = config.keys().secret("seal " + config.slot())) {
            Vault vault = Vault.open(
                    ReplicaKeys.CHAIN,
                    Schema.VAULT.plus(ConsensusTables.SCHEMA),
                    new Connections(config.database()),
                    seal,
                    metadata);
            vault.openState(nodeId, new FilePart(config.folder().resolve("part")));
            vault.enrol(Level.STATE);
            return vault;
        }
    }
}
