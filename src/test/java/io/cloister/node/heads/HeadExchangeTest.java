package io.cloister.node.heads;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.channel.LoopbackNetwork;
import io.cloister.channel.Topic;
import io.cloister.codec.Bytes;
import io.cloister.node.heads.HeadExchange.Answered;
import io.cloister.node.heads.HeadMessage.Ask;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Four nodes with disks that outlive their boots. */
@Timeout(60)
class HeadExchangeTest {
    private final TestHeads all = new TestHeads(4);
    private final LoopbackNetwork network = LoopbackNetwork.threaded();
    private final List<Node> nodes = IntStream.range(0, 4).mapToObj(Node::new).toList();

    /** Keeps heads like a disk. */
    private static final class Disk implements KeptHeads {
        private final Map<Bytes, Bytes> rows = new ConcurrentHashMap<>();
        private final AtomicInteger writes = new AtomicInteger();

        @Override
        public Map<Bytes, Bytes> load() {
            return Map.copyOf(rows);
        }

        @Override
        public void keep(Map<Bytes, Bytes> heads, Collection<Bytes> gone) {
            writes.incrementAndGet();
            rows.putAll(heads);
            rows.keySet().removeAll(gone);
        }
    }

    private final class Node {
        private final int index;
        private final Disk disk = new Disk();
        private long boot;
        private volatile long changes = 1;
        private List<HeadExchange> running = List.of();

        private Node(int index) {
            this.index = index;
        }

        private HeadExchange boot() {
            boot++;
            HeadExchange exchange = new HeadExchange(
                    network.join(all.id(index)), all.keys.get(index), TestHeads.CHAIN, boot, disk, all.ids());
            exchange.start();
            running = List.of(exchange);
            return exchange;
        }

        private CompletableFuture<Answered> ask() {
            HeadExchange asked = running.getFirst();
            Position found = TestHeads.at(changes);
            return CompletableFuture.supplyAsync(() -> {
                try {
                    return asked.ask(found);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }

        private HeadStatus status() {
            return running.getFirst().status();
        }

        private void begin() {
            running.getFirst().begin(() -> TestHeads.at(changes), () -> true);
        }

        private void stop() {
            running.forEach(HeadExchange::close);
            running = List.of();
            network.leave(all.id(index));
        }
    }

    @AfterEach
    void stop() {
        nodes.forEach(Node::stop);
        network.close();
    }

    private static void await(String what, BooleanSupplier holds) throws InterruptedException {
        for (int waited = 0; !holds.getAsBoolean(); waited++) {
            assertThat(waited).as(what).isLessThan(1_000);
            Thread.sleep(20);
        }
    }

    private static Answered get(CompletableFuture<Answered> answer) {
        return answer.orTimeout(30, TimeUnit.SECONDS).join();
    }

    private void runAll() {
        nodes.forEach(Node::boot);
        List<CompletableFuture<Answered>> asked = new ArrayList<>();
        nodes.forEach(node -> asked.add(node.ask()));
        asked.forEach(it -> assertThat(get(it)).isInstanceOf(Answered.Fresh.class));
        nodes.forEach(Node::begin);
    }

    /** Node 0 comes to so many changes, and a quorum of the others has witnessed it. */
    private void witness(long changes) throws InterruptedException {
        Node node = nodes.getFirst();
        node.changes = changes;
        await("witnessed", () -> node.status().witnessedChanges() == changes);
    }

    @Test
    void allThatStartAtOnceAnswerEachOtherAndGoOn() throws InterruptedException {
        runAll();
        witness(50);
        nodes.forEach(Node::stop);
        runAll();
    }

    @Test
    void aQuorumIsEnoughAndTooFewAreWaitedFor() throws InterruptedException {
        nodes.get(0).boot();
        nodes.get(1).boot();
        CompletableFuture<Answered> asked = nodes.get(0).ask();
        Thread.sleep(1_500);
        assertThat(asked).isNotDone();
        nodes.get(2).boot();
        assertThat(get(asked)).isEqualTo(new Answered.Fresh(2));
    }

    @Test
    void anOldDiskIsNoticedAlsoWhenAllPeersHaveRestartedAndOneIsMissing() throws InterruptedException {
        runAll();
        witness(50);
        await("all keep it", () -> nodes.stream().skip(1).allMatch(node -> node.disk.rows.containsKey(all.id(0))));
        nodes.forEach(Node::stop);
        nodes.get(0).changes = 20;
        nodes.stream().limit(3).forEach(Node::boot);
        Answered answered = get(nodes.get(0).ask());
        assertThat(answered)
                .isInstanceOfSatisfying(
                        Answered.Behind.class,
                        behind ->
                                assertThat(behind.known().position().changes()).isEqualTo(50));
        assertThat(nodes.get(0).status().rollback().orElseThrow())
                .contains("rollback detected", "50 changes", "20 changes");
    }

    @Test
    void anInstanceOfTheSameBootIsOutrun() throws InterruptedException {
        runAll();
        witness(50);
        nodes.get(0).stop();
        nodes.get(0).boot = 0;
        nodes.get(0).boot();
        assertThat(get(nodes.get(0).ask())).isInstanceOf(Answered.Outrun.class);
    }

    @Test
    void whoBeganAgainOnAnOldDiskIsFreshInTheNextBoot() throws InterruptedException {
        runAll();
        witness(50);
        nodes.get(0).stop();
        nodes.get(0).changes = 20;
        nodes.get(0).boot();
        assertThat(get(nodes.get(0).ask())).isInstanceOf(Answered.Behind.class);
        nodes.get(0).begin();
        witness(25);
        nodes.get(0).stop();
        nodes.get(0).boot();
        assertThat(get(nodes.get(0).ask())).isInstanceOf(Answered.Fresh.class);
    }

    @Test
    void nothingIsShownBeforeItIsSound() throws InterruptedException {
        runAll();
        witness(50);
        nodes.get(0).stop();
        nodes.get(0).boot();
        nodes.get(0).running.getFirst().begin(() -> TestHeads.at(60), () -> false);
        Thread.sleep(1_500);
        assertThat(nodes.get(0).status().latest()).isEmpty();
    }

    @Test
    void aHeadThatWasLostIsSentAgain() throws InterruptedException {
        runAll();
        network.drop(message -> message.from().equals(all.id(0)));
        Node node = nodes.getFirst();
        node.changes = 30;
        await(
                "signed",
                () -> node.status()
                        .latest()
                        .filter(it -> it.position().changes() == 30)
                        .isPresent());
        assertThat(node.status().witnessedChanges()).isLessThan(30);
        network.drop(message -> false);
        await("witnessed", () -> node.status().witnessedChanges() == 30);
    }

    @Test
    void aFloodOfOnePeerIsAnsweredSlowlyAndHeadsAreWrittenTogether() throws InterruptedException {
        nodes.get(0).boot();
        AtomicInteger answers = new AtomicInteger();
        var flooding = network.join(all.id(1));
        flooding.subscribe(Topic.STATE, (from, payload) -> answers.incrementAndGet());
        for (int i = 0; i < 2_000; i++) {
            flooding.send(all.id(0), Topic.STATE, new Ask(TestHeads.filled(32, i)).encode());
            flooding.send(all.id(0), Topic.STATE, new HeadMessage.Offer(all.head(1, 1, i + 1)).encode());
        }
        Thread.sleep(1_000);
        assertThat(answers).hasValueLessThan(200);
        assertThat(nodes.get(0).disk.writes).hasValueLessThan(20);
        network.leave(all.id(1));
    }
}
