package io.cloister.channel.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.platform.SimulatedGuest;
import io.cloister.channel.Refusal;
import io.cloister.channel.Topic;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.SigningKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole nodes that must not be let in, each once as the dialling and once as the dialled one. */
class RefusedPeersTest {
    private static final long DEBUG_ALLOWED = 0xb0000;

    private final List<TestNode> nodes = new ArrayList<>();

    @AfterEach
    void closeNodes() {
        nodes.forEach(TestNode::close);
    }

    static Stream<Arguments> strangers() {
        return Stream.of(
                Arguments.of(
                        "debug policy",
                        Refusal.EVIDENCE_REJECTED,
                        "refused.check.policy.guest-debug",
                        change(plan -> plan.guest(
                                SimulatedGuest.of(TestNode.MEASUREMENT).withPolicy(DEBUG_ALLOWED)))),
                Arguments.of(
                        "another measurement",
                        Refusal.EVIDENCE_REJECTED,
                        "refused.check.policy.measurement",
                        change(plan -> plan.guest(SimulatedGuest.of(Hashes.sha384(Bytes.utf8("changed")))))),
                Arguments.of(
                        "another chain",
                        Refusal.WRONG_CHAIN,
                        "refused.wrong_chain",
                        change(plan -> plan.chain("test-2"))),
                Arguments.of(
                        "another genesis",
                        Refusal.WRONG_GENESIS,
                        "refused.wrong_genesis",
                        change(plan -> plan.genesis(Bytes.zeros(32)))),
                Arguments.of(
                        "another policy",
                        Refusal.WRONG_POLICY,
                        "refused.wrong_policy",
                        change(plan -> plan.policy(Bytes.zeros(32)))));
    }

    private static UnaryOperator<TestNode.Plan> change(UnaryOperator<TestNode.Plan> change) {
        return change;
    }

    @ParameterizedTest(name = "{0}, dialling")
    @MethodSource("strangers")
    void areRefusedWhenTheyDial(String what, Refusal reason, String counter, UnaryOperator<TestNode.Plan> change) {
        List<SigningKey> slots = TestNode.slots(2);
        refused(change.apply(TestNode.Plan.of(slots.getFirst())), TestNode.Plan.of(slots.getLast()), reason, counter);
    }

    @ParameterizedTest(name = "{0}, dialled")
    @MethodSource("strangers")
    void areRefusedWhenTheyAreDialled(
            String what, Refusal reason, String counter, UnaryOperator<TestNode.Plan> change) {
        List<SigningKey> slots = TestNode.slots(2);
        TestNode.Plan stranger = change.apply(TestNode.Plan.of(slots.getLast()));
        boolean judged = reason == Refusal.EVIDENCE_REJECTED;
        if (judged) {
            refused(stranger, TestNode.Plan.of(slots.getFirst()), reason, counter);
        } else {
            // the dialled stranger refuses our hello for the very same difference, before we see its own
            refused(TestNode.Plan.of(slots.getFirst()), stranger, reason, counter);
        }
    }

    private void refused(TestNode.Plan stranger, TestNode.Plan honest, Refusal reason, String counter) {
        nodes.addAll(TestNode.network(List.of(stranger, honest)));
        nodes.forEach(TestNode::listening);
        TestNode judge = nodes.getLast();
        Await.until("the refusal", () -> judge.network().metrics().refusals(reason) > 0);
        nodes.getFirst().network().broadcast(Topic.CONSENSUS, Bytes.utf8("let me in"));

        assertThat(judge.network().metrics().value(counter)).isPositive();
        assertThat(judge.network().connected()).isEmpty();
        assertThat(nodes.getFirst().network().connected()).isEmpty();
        assertThat(nodes).allMatch(node -> node.received().isEmpty());
        assertThat(nodes).allMatch(node -> node.network().metrics().value("handshakes.completed") == 0);
    }

    @Test
    void unknownNodeIsRefusedBeforeAnyReport() {
        List<SigningKey> slots = TestNode.slots(2);
        TestNode stranger =
                new TestNode(TestNode.Plan.of(slots.getFirst())).start().listening();
        TestNode judge = new TestNode(TestNode.Plan.of(slots.getLast())).start().listening();
        nodes.addAll(List.of(stranger, judge));
        stranger.knows(judge.address());

        Await.until("the refusal", () -> judge.network().metrics().refusals(Refusal.UNKNOWN_NODE) > 0);

        assertThat(judge.network().metrics().value("evidence.asked")).isZero();
        assertThat(stranger.network().metrics().value("evidence.asked")).isZero();
        assertThat(stranger.statusOf(judge).orElseThrow().connected()).isFalse();
    }

    @Test
    void nodeWithoutEvidenceConnectsOnceItHasSome() {
        List<SigningKey> slots = TestNode.slots(2);
        boolean[] throttled = {true};
        TestNode.Plan dialling = TestNode.Plan.of(slots.getFirst())
                .attester(real -> leaf -> throttled[0]
                        ? CompletableFuture.failedFuture(new IllegalStateException("throttled"))
                        : real.attest(leaf));
        nodes.addAll(TestNode.network(List.of(dialling, TestNode.Plan.of(slots.getLast()))));
        TestNode first = nodes.getFirst();
        TestNode second = nodes.getLast();
        Await.until("no evidence", () -> first.network().metrics().refusals(Refusal.NO_OWN_EVIDENCE) > 0);
        assertThat(second.network().connected()).isEmpty();

        throttled[0] = false;

        Await.until("connected", () -> first.sees(second) && second.sees(first));
    }
}
