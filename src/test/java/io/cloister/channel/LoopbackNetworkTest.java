package io.cloister.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoopbackNetworkTest {
    private static final Bytes A = node(1);
    private static final Bytes B = node(2);
    private static final Bytes C = node(3);

    private static Bytes node(int number) {
        return Bytes.concat(Bytes.zeros(32), Bytes.of((byte) number));
    }

    @Test
    void deliversInOrderWithinATopicAndInAnOrderThatTheSeedDecides() {
        assertThat(run(5)).isEqualTo(run(5));
        assertThat(run(5).stream().filter(line -> line.startsWith("MPC")).toList())
                .isEqualTo(
                        run(6).stream().filter(line -> line.startsWith("MPC")).toList());
    }

    private static List<String> run(long seed) {
        List<String> seen = new ArrayList<>();
        try (LoopbackNetwork network = LoopbackNetwork.manual()) {
            PeerNetwork a = network.join(A);
            PeerNetwork b = network.join(B);
            for (Topic topic : Topic.values()) {
                b.subscribe(topic, (from, payload) -> seen.add(topic + " " + payload));
            }
            IntStream.range(0, 20).forEach(i -> {
                for (Topic topic : Topic.values()) {
                    a.send(B, topic, Bytes.of((byte) i));
                }
            });
            assertThat(network.deliverAll(new Random(seed))).isEqualTo(80);
        }
        return seen;
    }

    @Test
    void cutLinksLoseWhatIsUnderWayAndSayWhoIsConnected() {
        List<Bytes> seen = new ArrayList<>();
        try (LoopbackNetwork network = LoopbackNetwork.manual()) {
            PeerNetwork a = network.join(A);
            PeerNetwork b = network.join(B);
            network.join(C);
            b.subscribe(Topic.SYNC, (from, payload) -> seen.add(payload));
            a.send(B, Topic.SYNC, Bytes.utf8("lost"));

            network.cut(A, B);
            assertThat(a.connected()).containsExactly(C);
            assertThat(a.send(B, Topic.SYNC, Bytes.utf8("refused"))).isFalse();
            network.heal();
            a.send(B, Topic.SYNC, Bytes.utf8("arrives"));
            network.drop(message -> message.to().equals(B));
            assertThat(a.send(B, Topic.SYNC, Bytes.utf8("dropped"))).isTrue();
            network.deliverAll(new Random(1));
            network.isolate(C);
            assertThat(a.connected()).containsExactly(B);
        }
        assertThat(seen).containsExactly(Bytes.utf8("arrives"));
    }

    @Test
    void threadsDeliverByThemselves() throws InterruptedException {
        try (LoopbackNetwork network = LoopbackNetwork.threaded()) {
            PeerNetwork a = network.join(A);
            CountDownLatch arrived = new CountDownLatch(2);
            for (Bytes peer : List.of(B, C)) {
                network.join(peer).subscribe(Topic.CONSENSUS, (from, payload) -> arrived.countDown());
            }
            a.broadcast(Topic.CONSENSUS, Bytes.utf8("hello"));

            assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(a.status()).hasSize(2).allMatch(PeerStatus::connected);
        }
    }
}
