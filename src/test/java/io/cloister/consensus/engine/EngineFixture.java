package io.cloister.consensus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.SignatureCheck;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.core.Pace;
import io.cloister.consensus.core.Timeouts;
import io.cloister.consensus.store.ConsensusLog;
import io.cloister.consensus.store.ConsensusStore;
import io.cloister.consensus.store.ConsensusTables;
import io.cloister.consensus.store.FileConsensusLog;
import io.cloister.consensus.store.MemoryConsensusLog;
import io.cloister.consensus.store.MemoryConsensusStore;
import io.cloister.crypto.SigningKey;
import io.cloister.vault.store.Vault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Four engines with their threads, real signatures and real time in one JVM. */
abstract class EngineFixture {
    static final EngineSettings SETTINGS = EngineSettings.DEFAULT
            .withTimeouts(new Timeouts(1_500, 600, 300, 300, 5_000))
            .withPace(new Pace(20, 0, 1_000, 200, 1_000));

    final MemoryNetwork network = new MemoryNetwork();
    final List<SigningKey> nodeKeys =
            IntStream.range(0, 4).mapToObj(i -> SigningKey.generate()).toList();
    final List<SigningKey> firstVoteKeys =
            IntStream.range(0, 4).mapToObj(i -> SigningKey.generate()).toList();
    final Genesis genesis = TestApplication.genesis(
            "engine-test",
            new ValidatorSet(IntStream.range(0, 4)
                    .mapToObj(i -> new Validator(
                            i + 1, nodeKeys.get(i).id(), firstVoteKeys.get(i).id(), 1, 1))
                    .toList()));
    final List<Node> nodes = new ArrayList<>();
    final List<AutoCloseable> resources = new ArrayList<>();

    @TempDir
    Path folder;

    /** A disk, and the engine that runs over it while the node is up. */
    final class Node {
        final int index;
        final ConsensusStore store;
        ConsensusLog log;
        long boots;
        TestBoot boot;
        TestApplication application = new TestApplication();
        Engine engine;

        Node(int index, ConsensusStore store, ConsensusLog log) {
            this(index, store, log, 0);
        }

        Node(int index, ConsensusStore store, ConsensusLog log, long boots) {
            this.index = index;
            this.store = store;
            this.log = log;
            this.boots = boots;
            this.engine = make(SETTINGS);
        }

        /** Each boot has a vote key of its own; the first one stands in the genesis. */
        private Engine make(EngineSettings settings) {
            boots++;
            SigningKey voteKey = boots == 1 ? firstVoteKeys.get(index) : SigningKey.generate();
            boot = TestBoot.of(nodeKeys.get(index), voteKey, boots);
            application = new TestApplication();
            Engine made = new Engine(
                    settings, genesis, boot, network.plug(id()), store, log, application, InstantSource.system());
            boot.connect(made::stated);
            return made;
        }

        /** Whether this boot's key decides the next height. */
        boolean isSeated() {
            return engine.validators(engine.height() + 1)
                    .flatMap(it -> it.byVoteKey(boot.voteKey()))
                    .isPresent();
        }

        /** The same boot with other settings. */
        Engine makeAgain(EngineSettings settings) {
            engine.close();
            boots--;
            return make(settings);
        }

        Bytes id() {
            return nodeKeys.get(index).id();
        }

        void start() {
            engine.start();
        }

        void stop() {
            network.unplug(id());
            engine.close();
        }

        void restart() {
            restart(SETTINGS);
        }

        void restart(EngineSettings settings) {
            engine = make(settings);
            engine.start();
        }
    }

    void startFour() {
        for (int i = 0; i < 4; i++) {
            nodes.add(new Node(i, new MemoryConsensusStore(), new MemoryConsensusLog()));
        }
        nodes.forEach(Node::start);
    }

    @AfterEach
    void stop() throws Exception {
        nodes.forEach(Node::stop);
        for (AutoCloseable resource : resources) {
            resource.close();
        }
    }

    static void await(String what, BooleanSupplier condition) {
        await(what, Duration.ofSeconds(40), condition);
    }

    static void await(String what, Duration atMost, BooleanSupplier condition) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never came: " + what);
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    void submit(int node, int count, String text) {
        for (int i = 0; i < count; i++) {
            assertThat(nodes.get(node).engine.submit(Bytes.utf8(text + ":" + i)))
                    .isInstanceOf(Acceptance.Accepted.class);
        }
    }

    void awaitEverywhere(long transactions) {
        await(
                transactions + " transactions everywhere",
                () -> nodes.stream().allMatch(node -> transactionsOf(node) == transactions));
    }

    static long transactionsOf(Node node) {
        long sum = 0;
        for (long height = 1; height <= node.store.height(); height++) {
            sum += node.store.block(height).orElseThrow().block().transactions().size();
        }
        return sum;
    }

    void awaitOneHead() {
        await(
                "one head",
                () -> nodes.stream()
                                .map(node -> node.engine.status().lastBlockId())
                                .distinct()
                                .count()
                        == 1);
    }

    void requireSameChains() {
        long common =
                nodes.stream().mapToLong(node -> node.store.height()).min().orElseThrow();
        for (long height = 1; height <= common; height++) {
            CertifiedBlock first = nodes.getFirst().store.block(height).orElseThrow();
            assertThat(first.certificate()
                            .flaw(
                                    first.block().header(),
                                    nodes.getFirst().engine.validators(height).orElseThrow(),
                                    first.keys(),
                                    SignatureCheck.SECP256K1))
                    .isEmpty();
            for (Node node : nodes) {
                assertThat(node.store.block(height).orElseThrow().block()).isEqualTo(first.block());
            }
        }
    }

    /** Whether a node's signature stands in a certificate of a height or a later one. */
    boolean votedFrom(Node who, long height) {
        Engine engine = nodes.getFirst().engine;
        for (long at = height; at <= engine.height(); at++) {
            if (engine.certificate(at).orElseThrow().signatures().stream().anyMatch(it -> it.slot() == who.index + 1)) {
                return true;
            }
        }
        return false;
    }

    ConsensusLog log(Vault vault, int index) {
        return new FileConsensusLog(vault.fileJournal(ConsensusTables.JOURNAL, folder.resolve("node" + index)));
    }

    static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
