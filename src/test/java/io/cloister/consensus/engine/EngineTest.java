package io.cloister.consensus.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.channel.Topic;
import io.cloister.codec.Bytes;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.store.MemoryConsensusLog;
import io.cloister.consensus.store.MemoryConsensusStore;
import io.cloister.consensus.store.TestChainDatabase;
import io.cloister.consensus.store.VaultConsensusStore;
import io.cloister.crypto.SigningKey;
import io.cloister.vault.store.Vault;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Four nodes order transactions, stop, start and are lied to. */
class EngineTest extends EngineFixture {
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
