package io.cloister.consensus.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.channel.Topic;
import io.cloister.codec.Bytes;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.HeaderLink;
import io.cloister.consensus.SignatureCheck;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.core.Message;
import io.cloister.consensus.core.MessageCodec;
import io.cloister.consensus.core.Pace;
import io.cloister.consensus.core.Snapshots;
import io.cloister.consensus.core.Step;
import io.cloister.consensus.core.Timeouts;
import io.cloister.consensus.store.ConsensusLog;
import io.cloister.consensus.store.ConsensusStore;
import io.cloister.consensus.store.ConsensusTables;
import io.cloister.consensus.store.FileConsensusLog;
import io.cloister.consensus.store.MemoryConsensusLog;
import io.cloister.consensus.store.MemoryConsensusStore;
import io.cloister.consensus.store.TestChainDatabase;
import io.cloister.consensus.store.VaultConsensusStore;
import io.cloister.crypto.SigningKey;
import io.cloister.vault.store.Vault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four engines with their threads, real signatures and real time in one JVM. */
class EngineTest {
    private static final EngineSettings SETTINGS = EngineSettings.DEFAULT
            .withTimeouts(new Timeouts(1_500, 600, 300, 300, 5_000))
            .withPace(new Pace(20, 1_000, 200, 1_000));

    private final MemoryNetwork network = new MemoryNetwork();
    private final List<SigningKey> nodeKeys =
            IntStream.range(0, 4).mapToObj(i -> SigningKey.generate()).toList();
    private final List<SigningKey> firstVoteKeys =
            IntStream.range(0, 4).mapToObj(i -> SigningKey.generate()).toList();
    private final Genesis genesis = TestApplication.genesis(
            "engine-test",
            new ValidatorSet(IntStream.range(0, 4)
                    .mapToObj(i -> new Validator(
                            i + 1, nodeKeys.get(i).id(), firstVoteKeys.get(i).id(), 1, 1))
                    .toList()));
    private final List<Node> nodes = new ArrayList<>();
    private final List<AutoCloseable> resources = new ArrayList<>();

    @TempDir
    private Path folder;

    /** A disk, and the engine that runs over it while the node is up. */
    private final class Node {
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

    private void startFour() {
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

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
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

    private void submit(int node, int count, String text) {
        for (int i = 0; i < count; i++) {
            assertThat(nodes.get(node).engine.submit(Bytes.utf8(text + ":" + i)))
                    .isInstanceOf(Acceptance.Accepted.class);
        }
    }

    private void awaitEverywhere(long transactions) {
        await(
                transactions + " transactions everywhere",
                () -> nodes.stream().allMatch(node -> transactionsOf(node) == transactions));
    }

    private static long transactionsOf(Node node) {
        long sum = 0;
        for (long height = 1; height <= node.store.height(); height++) {
            sum += node.store.block(height).orElseThrow().block().transactions().size();
        }
        return sum;
    }

    private void awaitOneHead() {
        await(
                "one head",
                () -> nodes.stream()
                                .map(node -> node.engine.status().lastBlockId())
                                .distinct()
                                .count()
                        == 1);
    }

    private void requireSameChains() {
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

    @Test
    void ordersTransactionsOnAllFourNodes() {
        startFour();
        submit(0, 20, "a");
        submit(1, 20, "b");
        awaitEverywhere(40);
        requireSameChains();
        assertThat(nodes.get(2).engine.status().halted()).isEmpty();
        assertThat(nodes.get(2).engine.latest()).isPresent();
        assertThat(nodes.get(2).engine.certificate(1).orElseThrow().height()).isEqualTo(1);
        assertThat(nodes.get(2).engine.block(1_000_000)).isEmpty();
        assertThat(nodes.get(2).engine.validators(1)).contains(genesis.validators());
    }

    @Test
    void answersSubmissionsByTheirKind() {
        startFour();
        Engine engine = nodes.getFirst().engine;
        Bytes transaction = Bytes.utf8("one");
        assertThat(engine.submit(transaction)).isInstanceOf(Acceptance.Accepted.class);
        assertThat(engine.submit(transaction)).isInstanceOf(Acceptance.Known.class);
        assertThat(engine.submit(Bytes.utf8("bad one"))).isEqualTo(new Acceptance.Refused("bad", "a bad transaction"));
        assertThat(engine.submit(Bytes.EMPTY)).isInstanceOf(Acceptance.Refused.class);
        awaitEverywhere(1);
        assertThat(engine.submit(transaction)).isInstanceOf(Acceptance.Known.class);
    }

    @Test
    void goesOnWithThreeAndTakesTheFourthBack() {
        startFour();
        submit(0, 5, "before");
        awaitEverywhere(5);
        nodes.get(3).stop();
        submit(0, 5, "without");
        await("three go on", () -> nodes.subList(0, 3).stream().allMatch(node -> transactionsOf(node) == 10));
        nodes.get(3).restart();
        awaitEverywhere(10);
        assertThat(nodes.get(3).isSeated()).isFalse();
        submit(3, 5, "after");
        awaitEverywhere(15);
        awaitOneHead();
        requireSameChains();
    }

    @Test
    void aRestartedNodeRekeysAndVotesAgain() {
        startFour();
        submit(0, 1, "before");
        awaitEverywhere(1);
        Node back = nodes.get(3);
        back.stop();
        back.restart();
        assertThat(nodes.get(0).engine.submit(Bytes.utf8(back.boot.rekey(4)))).isInstanceOf(Acceptance.Accepted.class);
        await("the new key seated", () -> nodes.stream().allMatch(node -> isSeated(node, back)));
        long height = back.engine.height() + 1;
        await("a vote of the new key", () -> votedFrom(back, height));
        awaitOneHead();
        requireSameChains();
        assertThat(nodes).allSatisfy(node -> assertThat(node.engine.evidence()).isEmpty());
    }

    private static boolean isSeated(Node at, Node who) {
        return at.engine
                .validators(at.engine.height() + 1)
                .flatMap(it -> it.byVoteKey(who.boot.voteKey()))
                .isPresent();
    }

    /** Whether a node's signature stands in a certificate of a height or a later one. */
    private boolean votedFrom(Node who, long height) {
        Engine engine = nodes.getFirst().engine;
        for (long at = height; at <= engine.height(); at++) {
            if (engine.certificate(at).orElseThrow().signatures().stream().anyMatch(it -> it.slot() == who.index + 1)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void anIsolatedNodeCatchesUpByCertifiedBlocks() {
        startFour();
        network.isolate(nodes.get(1).id());
        submit(0, 1, "first");
        for (int i = 0; i < 8; i++) {
            submit(2, 1, "block " + i);
            int wanted = i + 2;
            await("a block", () -> transactionsOf(nodes.getFirst()) == wanted);
        }
        network.rejoin(nodes.get(1).id());
        awaitEverywhere(9);
        requireSameChains();
    }

    @Test
    void allFourStopAtOnceAndResumeFromTheirDisks() {
        startFour();
        for (int round = 0; round < 3; round++) {
            submit(round, 10, "round " + round);
            await("something decided", () -> nodes.getFirst().store.height() > 0);
            nodes.forEach(Node::stop); // in the middle of whatever they do
            nodes.forEach(Node::restart);
            long before =
                    nodes.stream().mapToLong(node -> node.store.height()).max().orElseThrow();
            await("a new height", () -> nodes.stream().allMatch(node -> node.store.height() > before));
        }
        await(
                "three recoveries everywhere",
                () -> nodes.stream().allMatch(node -> node.engine.status().epoch() >= 3));
        requireSameChains();
        assertThat(nodes).allSatisfy(node -> {
            assertThat(node.engine.evidence()).isEmpty();
            assertThat(node.engine.status().halted()).isEmpty();
        });
    }

    @Test
    void allFourResumeFromPostgreSql() {
        List<TestChainDatabase> databases = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            TestChainDatabase database = TestChainDatabase.fresh(nodeKeys.get(i).id());
            databases.add(database);
            Vault vault = database.open();
            nodes.add(new Node(i, new VaultConsensusStore(vault), log(vault, i)));
            resources.add(vault);
        }
        nodes.forEach(Node::start);
        submit(0, 10, "before");
        awaitEverywhere(10);
        submit(1, 10, "between");
        nodes.forEach(Node::stop);
        for (AutoCloseable vault : resources) {
            closeQuietly(vault);
        }
        resources.clear();
        nodes.clear();
        for (int i = 0; i < 4; i++) {
            Vault vault = databases.get(i).open();
            nodes.add(new Node(i, new VaultConsensusStore(vault), log(vault, i), 1));
            resources.add(vault);
        }
        nodes.forEach(Node::start);
        long before =
                nodes.stream().mapToLong(node -> node.store.height()).max().orElseThrow();
        submit(2, 5, "after");
        await("a new height", () -> nodes.stream().allMatch(node -> node.store.height() > before));
        await("the last transactions", () -> nodes.stream().allMatch(node -> transactionsOf(node) >= 15));
        awaitOneHead();
        requireSameChains();
    }

    private ConsensusLog log(Vault vault, int index) {
        return new FileConsensusLog(vault.fileJournal(ConsensusTables.JOURNAL, folder.resolve("node" + index)));
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static final EngineSettings WITH_SNAPSHOTS = SETTINGS.withSnapshots(new Snapshots(6, 3));

    private void decide(int blocks, String text) {
        for (int i = 0; i < blocks; i++) {
            long before = nodes.getFirst().engine.height();
            submit(0, 1, text + i);
            await("a block", () -> nodes.getFirst().engine.height() > before);
        }
    }

    /** Three that keep snapshots, and a fourth that comes when they are far; blocks go on meanwhile. */
    private Node threeAheadOfOne() {
        for (int i = 0; i < 4; i++) {
            nodes.add(new Node(i, new MemoryConsensusStore(), new MemoryConsensusLog()));
            nodes.get(i).engine = nodes.get(i).makeAgain(WITH_SNAPSHOTS);
        }
        nodes.subList(0, 3).forEach(Node::start);
        decide(4, "first");
        submit(0, 1, "weight:1:2");
        decide(6, "second");
        return nodes.get(3);
    }

    @Test
    void aNodeThatIsFarBehindCatchesUpBySnapshotWhileOthersGoOn() {
        Node late = threeAheadOfOne();
        late.start();
        await("a snapshot", () -> late.store.base() > 1);
        decide(3, "third");
        await(
                "the others' height",
                () -> late.engine.height() >= nodes.getFirst().engine.height() - 1);
        long from = late.store.base();
        assertThat(late.engine.validators(from)).isPresent();
        assertThat(late.engine.block(from).orElseThrow().block())
                .isEqualTo(nodes.getFirst().engine.block(from).orElseThrow().block());
        long height = late.engine.height() + 1;
        decide(2, "fourth");
        await("its vote", () -> votedFrom(late, height));
        late.stop();
        late.restart(WITH_SNAPSHOTS);
        assertThat(late.engine.height()).isGreaterThanOrEqualTo(from);
    }

    @Test
    void lyingAndVanishingServersDoNotKeepItFromASnapshot() {
        Node late = threeAheadOfOne();
        MemoryNetwork.Port liar = network.plug(SigningKey.generate().id());
        liar.subscribe(Topic.SYNC, (from, payload) -> lie(liar, from, payload));
        MemoryNetwork.Port mute = network.plug(SigningKey.generate().id());
        late.start();
        Message.Status claim = new Message.Status(0, 1_000, 0, Step.PROPOSE, false, Optional.empty(), List.of());
        await("a snapshot", () -> {
            liar.send(late.id(), Topic.CONSENSUS, MessageCodec.encode(claim));
            mute.send(late.id(), Topic.CONSENSUS, MessageCodec.encode(claim));
            return late.store.base() > 1;
        });
        liar.close();
        mute.close();
        assertThat(late.engine.halted()).isEmpty();
    }

    /** A header that others certified, without its state: the first part is garbage. */
    private void lie(MemoryNetwork.Port liar, Bytes to, Bytes payload) {
        Message message = MessageCodec.decode(payload);
        if (message instanceof Message.SnapshotRequest) {
            long height = nodes.getFirst().engine.height();
            CertifiedHeader newest = nodes.getFirst().engine.header(height).orElseThrow();
            HeaderLink link = new HeaderLink(newest, Optional.empty(), Optional.empty());
            liar.send(to, Topic.SYNC, MessageCodec.encode(new Message.SnapshotOffer(height, List.of(link))));
        } else if (message instanceof Message.ChunkRequest asked) {
            liar.send(to, Topic.SYNC, MessageCodec.encode(new Message.Chunk(asked.height(), Bytes.utf8("garbage"))));
        }
    }

    @Test
    void refusesBytesThatAreNoMessageAndGoesOn() {
        startFour();
        MemoryNetwork.Port stranger = network.plug(SigningKey.generate().id());
        for (int i = 0; i < 50; i++) {
            stranger.broadcast(Topic.CONSENSUS, Bytes.utf8("no message " + i));
        }
        submit(0, 3, "still");
        awaitEverywhere(3);
        stranger.close();
    }

    @Test
    void dropsBlocksThatItDidNotAskForUnread() {
        nodes.add(new Node(0, new MemoryConsensusStore(), new MemoryConsensusLog()));
        nodes.getFirst().start();
        MemoryNetwork.Port stranger = network.plug(SigningKey.generate().id());
        Bytes unread = Bytes.hex("0105ffffffff");
        for (int i = 0; i < 10; i++) {
            stranger.send(nodes.getFirst().id(), Topic.SYNC, unread);
        }
        await("ten dropped", () -> nodes.getFirst().engine.status().droppedMessages() == 10);
        stranger.close();
    }

    @Test
    void saysThatItHasHaltedWhenTheApplicationEndsInAnError() {
        startFour();
        submit(0, 1, "fatal");
        await(
                "a halt",
                () -> nodes.stream().anyMatch(node -> node.engine.halted().isPresent()));
        Engine engine = nodes.stream()
                .map(node -> node.engine)
                .filter(each -> each.halted().isPresent())
                .findFirst()
                .orElseThrow();
        assertThat(engine.halted()).hasValueSatisfying(why -> assertThat(why).contains("StackOverflowError"));
        assertThat(engine.status().halted()).isEqualTo(engine.halted());
        assertThat(engine.submit(Bytes.utf8("another"))).isInstanceOf(Acceptance.Refused.class);
    }

    @Test
    void saysThatItHasHaltedWhenItsThreadEnds() {
        nodes.add(new Node(0, new MemoryConsensusStore(), new MemoryConsensusLog()));
        nodes.getFirst().start();
        Engine engine = nodes.getFirst().engine;
        assertThat(engine.halted()).isEmpty();
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("cloister-consensus"))
                .forEach(Thread::interrupt);
        await("a halt", () -> engine.halted().isPresent());
        assertThat(engine.status().halted()).isEqualTo(engine.halted());
        assertThat(engine.submit(Bytes.utf8("another"))).isInstanceOf(Acceptance.Refused.class);
    }

    @Test
    void refusesToStartOnADamagedChain() {
        startFour();
        submit(0, 3, "some");
        awaitEverywhere(3);
        Node node = nodes.getFirst();
        node.stop();
        ((MemoryConsensusStore) node.store).write(Bytes.utf8("count"), Bytes.zeros(8));
        assertThatThrownBy(node::restart)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another root");
    }

    @Test
    void anotherGenesisIsRefused() {
        startFour();
        submit(0, 1, "some");
        awaitEverywhere(1);
        Node node = nodes.getFirst();
        node.stop();
        Genesis other = TestApplication.genesis("other-chain", genesis.validators());
        try (Engine engine = new Engine(
                SETTINGS,
                other,
                TestBoot.of(nodeKeys.getFirst(), firstVoteKeys.getFirst(), 1),
                network.plug(node.id()),
                node.store,
                node.log,
                new TestApplication(),
                InstantSource.system())) {
            assertThatThrownBy(engine::start).hasMessageContaining("genesis");
        }
    }

    @Test
    void changesOfTheValidatorSetTakeEffectAtTheNextHeight() {
        startFour();
        assertThat(nodes.getFirst().engine.submit(Bytes.utf8("weight:1:2"))).isInstanceOf(Acceptance.Accepted.class);
        awaitEverywhere(1);
        long height = heightOfTheFirstTransaction();
        await("one more", () -> nodes.getFirst().engine.height() > height);
        Engine engine = nodes.getFirst().engine;
        assertThat(engine.validators(height)
                        .orElseThrow()
                        .bySlot(1)
                        .orElseThrow()
                        .weight())
                .isEqualTo(1);
        assertThat(engine.validators(height + 1)
                        .orElseThrow()
                        .bySlot(1)
                        .orElseThrow()
                        .weight())
                .isEqualTo(2);
        requireSameChains();
    }

    private long heightOfTheFirstTransaction() {
        long height = 1;
        while (nodes.getFirst()
                .store
                .block(height)
                .orElseThrow()
                .block()
                .transactions()
                .isEmpty()) {
            height++;
        }
        return height;
    }
}
