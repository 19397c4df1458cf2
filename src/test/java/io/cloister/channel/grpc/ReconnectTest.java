package io.cloister.channel.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.channel.PeerAddress;
import io.cloister.channel.PeerStatus;
import io.cloister.channel.Refusal;
import io.cloister.channel.Topic;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SigningKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReconnectTest {
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<SigningKey> slots = TestNode.slots(2);

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private TestNode start(TestNode.Plan plan) {
        TestNode node = new TestNode(plan).start().listening();
        open.add(node);
        return node;
    }

    private static void awaitPair(TestNode one, TestNode other) {
        Await.until("connected", () -> one.sees(other) && other.sees(one));
    }

    @Test
    void connectionThatBreaksIsMadeAnew() {
        TestNode first = start(TestNode.Plan.of(slots.getFirst()));
        TestNode second = start(TestNode.Plan.of(slots.getLast()));
        TcpRelay relay = new TcpRelay(second.network().port());
        open.add(relay);
        second.knows(first.address());
        first.knows(new PeerAddress(second.id(), "127.0.0.1", relay.port()));
        awaitPair(first, second);

        for (int round = 2; round <= 4; round++) {
            int expected = round;
            relay.cut();
            Await.until(
                    "connected anew",
                    () -> first.network().metrics().value("handshakes.completed") == expected
                            && second.network().metrics().value("handshakes.completed") == expected);
            awaitPair(first, second);
        }
        second.network().send(first.id(), Topic.SYNC, Bytes.utf8("still there"));
        Await.until("delivered", () -> first.received(Topic.SYNC).size() == 1);
    }

    @Test
    void nothingOfAPayloadIsSeenOnTheWire() {
        TestNode first = start(TestNode.Plan.of(slots.getFirst()));
        TestNode second = start(TestNode.Plan.of(slots.getLast()));
        TcpRelay relay = new TcpRelay(second.network().port());
        open.add(relay);
        second.knows(first.address());
        first.knows(new PeerAddress(second.id(), "127.0.0.1", relay.port()));
        awaitPair(first, second);
        String secret = "a share that nobody may see";

        first.network().send(second.id(), Topic.MPC, Bytes.utf8(secret));
        Await.until("delivered", () -> second.received(Topic.MPC).size() == 1);

        assertThat(relay.seen()).hasSizeGreaterThan(2000).doesNotContain(secret).doesNotContain(TestNode.CHAIN);
    }

    @Test
    void restartedNodeReturnsWithItsNextBoot() {
        for (int restarted = 0; restarted < 2; restarted++) {
            TestNode stays = start(TestNode.Plan.of(slots.get(1 - restarted)));
            TestNode before = start(TestNode.Plan.of(slots.get(restarted)));
            TestNode.introduce(List.of(stays, before));
            awaitPair(stays, before);
            int port = before.network().port();
            before.close();
            Await.until("gone", () -> !stays.sees(before));
            assertThat(stays.statusOf(before).orElseThrow().connected()).isFalse();

            TestNode after =
                    start(TestNode.Plan.of(slots.get(restarted)).boot(2).port(port));
            after.knows(stays.address());

            awaitPair(stays, after);
            assertThat(stays.network().keysOf(after.id()))
                    .contains(after.config().bootKeys());
            assertThat(stays.statusOf(after).orElseThrow().bootCounter()).isEqualTo(2);
        }
    }

    @Test
    void newerBootTakesOverFromOneThatStillLives() {
        TestNode judge = start(TestNode.Plan.of(slots.getLast()));
        TestNode old = start(TestNode.Plan.of(slots.getFirst()));
        TestNode.introduce(List.of(judge, old));
        awaitPair(judge, old);

        TestNode newer = start(TestNode.Plan.of(slots.getFirst()).boot(2));
        newer.knows(judge.address());

        Await.until(
                "taken over",
                () -> judge.network()
                        .keysOf(old.id())
                        .filter(keys -> keys.bootCounter() == 2)
                        .isPresent());
        Await.until("the old boot is fenced", () -> judge.network().metrics().refusals(Refusal.STALE_BOOT) > 0);
        assertThat(judge.network().metrics().refusals(Refusal.SUPERSEDED)).isEqualTo(1);
        assertThat(old.network().connected()).isEmpty();
        assertThat(judge.network().keysOf(old.id()).orElseThrow().bootCounter()).isEqualTo(2);
    }

    @Test
    void aBootThatPeersHaveSeenANewerOneOfLearnsItOfEachOfThem() {
        for (int old = 0; old < 2; old++) {
            TestNode judge = start(TestNode.Plan.of(slots.get(1 - old)));
            TestNode newer = start(TestNode.Plan.of(slots.get(old)).boot(2));
            TestNode.introduce(List.of(judge, newer));
            awaitPair(judge, newer);
            int port = newer.network().port();
            newer.close();
            Await.until("gone", () -> !judge.sees(newer));

            TestNode stale = start(TestNode.Plan.of(slots.get(old)).port(port));
            stale.knows(judge.address());

            Await.until(
                    "told",
                    () -> stale.statusOf(judge)
                            .flatMap(PeerStatus::lastRefusal)
                            .equals(Optional.of(Refusal.OWN_BOOT_STALE)));
        }
    }

    @Test
    void copyOfANodeStaysOutside() {
        TestNode judge = start(TestNode.Plan.of(slots.getLast()));
        TestNode original = start(TestNode.Plan.of(slots.getFirst()));
        TestNode.introduce(List.of(judge, original));
        awaitPair(judge, original);

        TestNode copy = start(TestNode.Plan.of(slots.getFirst()));
        copy.knows(judge.address());

        Await.until("refused", () -> judge.network().metrics().refusals(Refusal.CLONED_BOOT) > 0);
        assertThat(judge.network().keysOf(original.id()))
                .contains(original.config().bootKeys());
        assertThat(copy.network().connected()).isEmpty();
    }

    @Test
    void peerThatIsDownIsFoundWhenItComesUp() {
        TestNode first = start(TestNode.Plan.of(slots.getFirst()));
        TestNode probe = start(TestNode.Plan.of(slots.getLast()));
        int port = probe.network().port();
        probe.close();
        first.knows(new PeerAddress(slots.getLast().id(), "127.0.0.1", port));
        first.knows(new PeerAddress(SigningKey.generate().id(), "no-such-host.invalid", 1));
        Await.until("dialled in vain", () -> first.network().metrics().refusals(Refusal.CONNECTION_LOST) >= 2);

        TestNode second = start(TestNode.Plan.of(slots.getLast()).port(port));
        second.knows(first.address());

        awaitPair(first, second);
    }
}
