package io.cloister.channel.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.Attester;
import io.cloister.attestation.Check;
import io.cloister.attestation.Grade;
import io.cloister.attestation.Verdict;
import io.cloister.channel.PeerVerifier;
import io.cloister.channel.Refusal;
import io.cloister.channel.Topic;
import io.cloister.codec.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RenewalTest {
    private final List<TestNode> nodes = new ArrayList<>();
    private final AtomicBoolean throttled = new AtomicBoolean();
    private final AtomicBoolean distrusted = new AtomicBoolean();

    @AfterEach
    void close() {
        nodes.forEach(TestNode::close);
    }

    /** The judge asks every 100 ms; the other node's host can be made to throttle it. */
    private void connect(Duration grace, UnaryOperator<PeerVerifier> verifier) {
        UnaryOperator<Attester> host = real -> leaf -> throttled.get()
                ? CompletableFuture.failedFuture(new IllegalStateException("throttled"))
                : real.attest(leaf);
        UnaryOperator<ChannelSettings> often = settings -> settings.with(new ChannelSettings.Renewal(
                Duration.ofMillis(100), Duration.ofMillis(50), grace, Duration.ofMillis(1)));
        nodes.addAll(TestNode.network(TestNode.slots(2).stream()
                .map(slot ->
                        TestNode.Plan.of(slot).settings(often).attester(host).verifier(verifier))
                .toList()));
        nodes.forEach(TestNode::listening);
        Await.until(
                "connected",
                () -> nodes.getFirst().sees(nodes.getLast()) && nodes.getLast().sees(nodes.getFirst()));
    }

    /** As the real verifier, but with a grade that can be lowered, and a switch. */
    private UnaryOperator<PeerVerifier> graded() {
        return real -> (evidence, leaf) -> {
            Verdict verdict = real.verify(evidence, leaf);
            return distrusted.get()
                    ? new Verdict(
                            false,
                            Grade.D,
                            List.of(new Check("policy.minimum-tcb", Check.Result.FAILED, "raised")),
                            new TreeMap<>())
                    : new Verdict(verdict.accepted(), Grade.B, verdict.checks(), verdict.claims());
        };
    }

    private Grade gradeOfLast() {
        return nodes.getFirst()
                .statusOf(nodes.getLast())
                .flatMap(status -> status.grade())
                .orElseThrow();
    }

    @Test
    void newEvidenceIsAskedForAndJudgedOverTheSameConnection() {
        connect(Duration.ofHours(1), UnaryOperator.identity());

        Await.until(
                "renewed thrice each",
                () -> nodes.stream().allMatch(node -> node.network().metrics().value("reattestation.accepted") >= 3));

        assertThat(nodes).allMatch(node -> node.network().metrics().value("handshakes.completed") == 1);
        assertThat(nodes).allMatch(node -> node.network().metrics().value("reattestation.lacking") == 0);
    }

    @Test
    void throttledHostLowersTheGradeAndStopsNothing() {
        connect(Duration.ofHours(1), graded());
        assertThat(gradeOfLast()).isEqualTo(Grade.B);

        throttled.set(true);
        Await.until("lowered", () -> gradeOfLast() == Grade.C);
        nodes.getLast().network().send(nodes.getFirst().id(), Topic.CONSENSUS, Bytes.utf8("a vote"));
        Await.until("the vote", () -> nodes.getFirst().received().size() == 1);
        assertThat(nodes.getFirst().network().metrics().value("reattestation.lacking"))
                .isEqualTo(1);

        throttled.set(false);
        Await.until("raised", () -> gradeOfLast() == Grade.B);
        assertThat(nodes).allMatch(node -> node.network().metrics().value("handshakes.completed") == 1);
    }

    @Test
    void negativeVerdictClosesTheConnection() {
        connect(Duration.ofHours(1), graded());

        distrusted.set(true);

        Await.until(
                "closed",
                () -> nodes.stream().allMatch(node -> node.network().connected().isEmpty()));
        assertThat(nodes.stream()
                        .mapToLong(node -> node.network().metrics().refusals(Refusal.EVIDENCE_REJECTED))
                        .sum())
                .isPositive();
        assertThat(nodes.stream()
                        .mapToLong(node -> node.network().metrics().value("refused.check.policy.minimum-tcb"))
                        .sum())
                .isPositive();
    }

    @Test
    void connectionEndsWhenTheGracePeriodIsOver() {
        connect(Duration.ofMillis(800), UnaryOperator.identity());

        throttled.set(true);

        Await.until(
                "closed",
                () -> nodes.stream().anyMatch(node -> node.network().metrics().refusals(Refusal.NO_PEER_EVIDENCE) > 0));
        Await.until(
                "out",
                () -> nodes.stream().allMatch(node -> node.network().connected().isEmpty()));
    }

    @Test
    void changeOfPolicyAsksEverybodyAtOnce() {
        nodes.addAll(TestNode.network(
                TestNode.slots(2).stream().map(TestNode.Plan::of).toList()));
        TestNode first = nodes.getFirst();
        Await.until(
                "connected",
                () -> first.sees(nodes.getLast()) && nodes.getLast().sees(first));
        assertThat(first.network().metrics().value("reattestation.accepted")).isZero();

        first.network().reattest();

        Await.until("renewed", () -> first.network().metrics().value("reattestation.accepted") == 1);
    }
}
