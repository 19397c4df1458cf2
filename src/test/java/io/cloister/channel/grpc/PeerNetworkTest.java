package io.cloister.channel.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.attestation.Grade;
import io.cloister.channel.PeerNetwork;
import io.cloister.channel.PeerStatus;
import io.cloister.channel.Refusal;
import io.cloister.channel.Topic;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.SigningKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeerNetworkTest {
    private final List<TestNode> nodes = new ArrayList<>();

    @AfterEach
    void closeNodes() {
        nodes.forEach(TestNode::close);
    }

    private List<TestNode> connected(int count) {
        nodes.addAll(TestNode.network(
                TestNode.slots(count).stream().map(TestNode.Plan::of).toList()));
        nodes.forEach(TestNode::listening);
        Await.until(
                "all connected",
                () -> nodes.stream().allMatch(node -> node.network().connected().size() == count - 1));
        return nodes;
    }

    @Test
    void twoNodesVerifyEachOtherAndTalkBothWays() {
        connected(2);
        TestNode first = nodes.getFirst();
        TestNode second = nodes.getLast();

        for (Topic topic : Topic.values()) {
            assertThat(first.network().send(second.id(), topic, Bytes.utf8("to " + topic)))
                    .isTrue();
            assertThat(second.network().send(first.id(), topic, Bytes.utf8("back " + topic)))
                    .isTrue();
        }
        Await.until(
                "eight messages",
                () -> first.received().size() + second.received().size() == 8);

        assertThat(second.received())
                .containsExactlyInAnyOrder(Arrays.stream(Topic.values())
                        .map(topic -> new TestNode.Received(first.id(), topic, Bytes.utf8("to " + topic)))
                        .toArray(TestNode.Received[]::new));
        PeerStatus status = first.statusOf(second).orElseThrow();
        assertThat(status.connected()).isTrue();
        assertThat(status.verdict().orElseThrow().accepted()).isTrue();
        assertThat(status.grade()).contains(Grade.D);
        assertThat(status.bootCounter()).isEqualTo(1);
        assertThat(first.network().keysOf(second.id())).contains(second.config().bootKeys());
        assertThat(second.network().keysOf(first.id())).contains(first.config().bootKeys());
    }

    @Test
    void fourNodesFormAFullMeshWithOneConnectionForEachPair() {
        connected(4);
        for (TestNode node : nodes) {
            node.network().broadcast(Topic.CONSENSUS, node.id());
        }
        Await.until(
                "twelve messages",
                () -> nodes.stream().allMatch(node -> node.received().size() == 3));

        for (TestNode node : nodes) {
            assertThat(node.received())
                    .allMatch(message -> message.from().equals(message.payload()))
                    .extracting(TestNode.Received::from)
                    .doesNotContain(node.id())
                    .doesNotHaveDuplicates();
            assertThat(node.network().metrics().value("handshakes.completed")).isEqualTo(3);
        }
    }

    @Test
    void carriesTheLargestPayloadAndRefusesALargerOne() {
        connected(2);
        byte[] raw = new byte[PeerNetwork.MAX_PAYLOAD];
        for (int i = 0; i < raw.length; i += 101) {
            raw[i] = (byte) i;
        }
        Bytes payload = Bytes.wrap(raw);

        assertThat(nodes.getFirst().network().send(nodes.getLast().id(), Topic.SYNC, payload))
                .isTrue();
        Await.until("the payload", () -> !nodes.getLast().received().isEmpty());

        assertThat(Hashes.sha256(nodes.getLast().received().getFirst().payload()))
                .isEqualTo(Hashes.sha256(payload));
        Bytes larger = Bytes.zeros(PeerNetwork.MAX_PAYLOAD + 1);
        assertThatThrownBy(() -> nodes.getFirst().network().send(nodes.getLast().id(), Topic.SYNC, larger))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keepsTheOrderWithinATopic() {
        connected(2);
        List<Bytes> sent = IntStream.range(0, 2000)
                .mapToObj(i -> Bytes.of((byte) (i >> 8), (byte) i))
                .toList();
        for (Bytes payload : sent) {
            assertThat(nodes.getLast().network().send(nodes.getFirst().id(), Topic.MPC, payload))
                    .isTrue();
        }
        Await.until("2000 messages", () -> nodes.getFirst().received().size() == sent.size());

        assertThat(nodes.getFirst().received(Topic.MPC)).isEqualTo(sent);
    }

    @Test
    void whatArrivesBeforeTheFirstReceiverWaitsForIt() {
        nodes.addAll(TestNode.network(
                TestNode.slots(2).stream().map(TestNode.Plan::of).toList()));
        TestNode first = nodes.getFirst();
        TestNode second = nodes.getLast();
        Await.until("connected", () -> first.sees(second) && second.sees(first));
        first.network().send(second.id(), Topic.MPC, Bytes.utf8("early"));
        Await.until("arrived", () -> second.network().metrics().value("messages.in.mpc") == 1);

        second.listening();

        Await.until("delivered", () -> second.received(Topic.MPC).equals(List.of(Bytes.utf8("early"))));
    }

    @Test
    void sendingToNobodySaysSo() {
        connected(2);

        assertThat(nodes.getFirst().network().send(SigningKey.generate().id(), Topic.MPC, Bytes.EMPTY))
                .isFalse();
        assertThat(nodes.getFirst().network().send(nodes.getFirst().id(), Topic.MPC, Bytes.EMPTY))
                .isFalse();
        assertThat(nodes.getFirst().network().keysOf(SigningKey.generate().id()))
                .isEmpty();
    }

    @Test
    void followsChangesOfThePeerList() {
        connected(2);
        TestNode first = nodes.getFirst();
        TestNode second = nodes.getLast();

        second.forgets(first.id());
        Await.until("dropped", () -> !first.sees(second) && !second.sees(first));
        assertThat(second.network().metrics().refusals(Refusal.REMOVED)).isEqualTo(1);
        assertThat(second.network().status()).isEmpty();

        Await.until("the dialler is refused", () -> second.network().metrics().refusals(Refusal.UNKNOWN_NODE) > 0);
        second.knows(first.address());
        Await.until("connected again", () -> first.sees(second) && second.sees(first));
    }

    @Test
    void closeEndsEveryThreadOfItsOwn() {
        connected(2);
        nodes.forEach(TestNode::close);
        nodes.clear();

        Await.until(
                "no thread is left",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("channel-")));
    }

    @Test
    void closeMayBeCalledTwiceAndWithoutStart() {
        TestNode node = new TestNode(TestNode.Plan.of(SigningKey.generate()));
        node.network().close();
        node.close();

        assertThatThrownBy(node::start).isInstanceOf(IllegalStateException.class);
    }
}
