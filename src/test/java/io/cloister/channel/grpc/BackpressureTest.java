package io.cloister.channel.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.channel.Topic;
import io.cloister.channel.flow.QueueLimits;
import io.cloister.codec.Bytes;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BackpressureTest {
    private static final int PAYLOAD = 100_000;
    private static final int QUEUE = 20;

    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger slow = new AtomicInteger();
    private TestNode sender;
    private TestNode receiver;
    private List<TestNode> nodes = List.of();

    @BeforeEach
    void connect() {
        Map<Topic, QueueLimits> limits = new EnumMap<>(Topic.class);
        for (Topic topic : Topic.values()) {
            limits.put(topic, new QueueLimits(QUEUE, QUEUE * (long) PAYLOAD));
        }
        nodes = TestNode.network(TestNode.slots(2).stream()
                .map(slot -> TestNode.Plan.of(slot).settings(settings -> settings.withQueues(limits)))
                .toList());
        sender = nodes.getFirst();
        receiver = nodes.getLast();
        Await.until("connected", () -> sender.sees(receiver) && receiver.sees(sender));
    }

    @AfterEach
    void close() {
        release.countDown();
        nodes.forEach(TestNode::close);
    }

    private void block(Topic topic) {
        receiver.network().subscribe(topic, (from, payload) -> {
            try {
                release.await();
                slow.incrementAndGet();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Sends until nothing fits any more for a while; how many were taken. */
    private int flood(Topic topic) {
        int taken = 0;
        int refusedInARow = 0;
        while (refusedInARow < 50) {
            if (sender.network().send(receiver.id(), topic, Bytes.zeros(PAYLOAD))) {
                taken++;
                refusedInARow = 0;
            } else {
                refusedInARow++;
                Await.until("a moment", aMoment());
            }
        }
        return taken;
    }

    @Test
    void floodedSyncDoesNotHoldConsensusUp() {
        block(Topic.SYNC);
        flood(Topic.SYNC);
        AtomicInteger votes = new AtomicInteger();
        receiver.network().subscribe(Topic.CONSENSUS, (from, payload) -> votes.incrementAndGet());

        for (int i = 0; i < 100; i++) {
            int before = i;
            Await.until(
                    "room for a vote",
                    () -> sender.network().send(receiver.id(), Topic.CONSENSUS, Bytes.of((byte) before)));
        }

        Await.until("all votes", () -> votes.get() == 100);
        assertThat(slow.get()).isZero();
    }

    @Test
    void slowMpcBlocksNoOtherTopic() {
        block(Topic.MPC);
        flood(Topic.MPC);
        AtomicInteger others = new AtomicInteger();
        for (Topic topic : List.of(Topic.CONSENSUS, Topic.SYNC, Topic.STATE)) {
            receiver.network().subscribe(topic, (from, payload) -> others.incrementAndGet());
            assertThat(sender.network().send(receiver.id(), topic, Bytes.of((byte) 1)))
                    .isTrue();
        }

        Await.until("the other topics", () -> others.get() == 3);
        assertThat(slow.get()).isZero();
    }

    @Test
    void whatWaitsIsBoundedAndNothingThatWasTakenIsLost() {
        block(Topic.STATE);
        int taken = flood(Topic.STATE);
        long window = TestNode.QUICK.window();

        assertThat(taken).isGreaterThan(QUEUE).isLessThanOrEqualTo((int) (window / PAYLOAD) + QUEUE + 1);
        assertThat(sender.network().metrics().value("queue.full.state")).isPositive();
        assertThat(sender.network().send(receiver.id(), Topic.STATE, Bytes.zeros(PAYLOAD)))
                .isFalse();

        release.countDown();
        Await.until("everything", () -> slow.get() == taken);
        Await.until("room again", () -> sender.network().send(receiver.id(), Topic.STATE, Bytes.zeros(PAYLOAD)));
    }

    @Test
    void broadcastSkipsAFullQueueAndServesTheRest() {
        block(Topic.SYNC);
        flood(Topic.SYNC);
        long full = sender.network().metrics().value("queue.full.sync");

        sender.network().broadcast(Topic.SYNC, Bytes.zeros(PAYLOAD));

        assertThat(sender.network().metrics().value("queue.full.sync")).isEqualTo(full + 1);
    }

    @Test
    void faultOfAReceiverEndsNeitherTopicNorConnection() {
        AtomicInteger calls = new AtomicInteger();
        receiver.network().subscribe(Topic.MPC, (from, payload) -> {
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("a fault of our own");
            }
        });
        IntStream.range(0, 3).forEach(i -> sender.network().send(receiver.id(), Topic.MPC, Bytes.of((byte) i)));

        Await.until("all three", () -> calls.get() == 3);
        assertThat(receiver.network().metrics().value("faults")).isEqualTo(1);
        assertThat(receiver.sees(sender)).isTrue();
    }

    /** A condition that holds after five milliseconds. */
    private static BooleanSupplier aMoment() {
        long end = System.nanoTime() + 5_000_000;
        return () -> System.nanoTime() > end;
    }
}
