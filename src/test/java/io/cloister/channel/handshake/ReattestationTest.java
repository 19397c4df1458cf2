package io.cloister.channel.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Grade;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Verdict;
import io.cloister.channel.Refusal;
import io.cloister.channel.handshake.HandshakeMessage.Proof;
import io.cloister.channel.handshake.Reattestation.Effect;
import io.cloister.channel.handshake.Reattestation.Input;
import io.cloister.channel.handshake.Reattestation.State;
import io.cloister.channel.handshake.Reattestation.Transition;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import org.junit.jupiter.api.Test;

class ReattestationTest {
    private static final Reattestation.Timing TIMING = new Reattestation.Timing(1000, 100, 30, 5000);

    private final Rehearsal rehearsal = new Rehearsal().run();
    private final Session ours = rehearsal.session(Role.INITIATOR).orElseThrow();
    private final Session theirs = rehearsal.session(Role.RESPONDER).orElseThrow();
    private final Reattestation machine = new Reattestation(ours, TIMING);

    @Test
    void challengesOncePerPeriod() {
        State state = machine.begin(0);

        assertThat(tick(state, 999).effect()).isEmpty();
        Transition due = tick(state, 1000);
        assertThat(due.effect()).contains(new Effect.Challenge(nonce(1000)));
        assertThat(tick(due.state(), 1001).effect()).isEmpty();
    }

    @Test
    void acceptedAnswerBeginsANewPeriod() {
        State challenged = tick(machine.begin(0), 1000).state();
        Transition answered = answer(challenged, nonce(1000), prove(nonce(1000)));
        assertThat(answered.effect()).get().isInstanceOf(Effect.Judge.class);

        State renewed = step(answered.state(), judged(1010, Peers.verdict(true, Grade.A)))
                .state();

        assertThat(renewed.grade()).isEqualTo(Grade.A);
        assertThat(tick(renewed, 2009).effect()).isEmpty();
        assertThat(tick(renewed, 2010).effect()).get().isInstanceOf(Effect.Challenge.class);
    }

    @Test
    void bothEndsMeanTheSameLeaf() {
        assertThat(theirs.ownLeaf(nonce(7))).isEqualTo(ours.peerLeaf(nonce(7)));
        assertThat(ours.ownLeaf(nonce(7))).isEqualTo(theirs.peerLeaf(nonce(7)));
        assertThat(ours.peerLeaf(nonce(7))).isNotEqualTo(ours.peerLeaf(nonce(8)));
    }

    @Test
    void lackOfEvidenceLowersTheGradeAndIsRetried() {
        State state = machine.begin(0);
        assertThat(state.grade()).isEqualTo(Grade.B);
        State silent = tick(tick(state, 1000).state(), 1030).state();

        assertThat(silent.lacking()).isTrue();
        assertThat(silent.grade()).isEqualTo(Grade.C);
        assertThat(tick(silent, 1129).effect()).isEmpty();
        assertThat(tick(silent, 1130).effect()).contains(new Effect.Challenge(nonce(1130)));
    }

    @Test
    void declineCountsAsLack() {
        State challenged = tick(machine.begin(0), 1000).state();
        State declined = step(challenged, new Input.Declined(1005, nonce(1000))).state();

        assertThat(declined.lacking()).isTrue();
        assertThat(tick(declined, 1105).effect()).get().isInstanceOf(Effect.Challenge.class);
    }

    @Test
    void acceptedEvidenceRaisesTheGradeAgain() {
        State lacking = step(tick(machine.begin(0), 1000).state(), new Input.Declined(1005, nonce(1000)))
                .state();
        State renewed = step(lacking, judged(1200, Peers.accepted())).state();

        assertThat(renewed.lacking()).isFalse();
        assertThat(renewed.grade()).isEqualTo(Grade.B);
    }

    @Test
    void theLowestGradeStaysTheLowest() {
        State poor =
                step(machine.begin(0), judged(1, Peers.verdict(true, Grade.D))).state();
        State lacking = step(tick(poor, 1001).state(), new Input.Declined(1002, nonce(1001)))
                .state();

        assertThat(lacking.grade()).isEqualTo(Grade.D);
    }

    @Test
    void closesAfterTheGracePeriodAndNotBefore() {
        State state = machine.begin(0);
        for (long now = 1000; now <= 5000; now += 10) {
            Transition next = tick(state, now);
            assertThat(next.effect().filter(Effect.Close.class::isInstance)).isEmpty();
            state = next.state();
        }
        assertClosed(tick(state, 5001), Refusal.NO_PEER_EVIDENCE);
    }

    @Test
    void negativeVerdictClosesAtOnce() {
        State challenged = tick(machine.begin(0), 1000).state();

        assertClosed(step(challenged, judged(1001, Peers.verdict(false, Grade.D))), Refusal.EVIDENCE_REJECTED);
    }

    @Test
    void aVerifierThatCannotJudgeIsNotThePeersFault() {
        State challenged = tick(machine.begin(0), 1000).state();
        Transition next = step(challenged, new Input.NotJudged(1001));

        assertThat(next.effect()).isEmpty();
        assertThat(next.state().lacking()).isTrue();
    }

    @Test
    void evidenceForAnotherNonceCloses() {
        State challenged = tick(machine.begin(0), 1000).state();

        assertClosed(answer(challenged, nonce(1000), prove(nonce(3))), Refusal.WRONG_CHANNEL);
    }

    @Test
    void theHandshakesEvidenceIsNoAnswer() {
        State challenged = tick(machine.begin(0), 1000).state();
        Proof old = (Proof) HandshakeMessage.decode(rehearsal.wire().get(3).frame());

        assertClosed(answer(challenged, nonce(1000), old), Refusal.WRONG_CHANNEL);
    }

    @Test
    void restEvidenceIsNoAnswer() {
        State challenged = tick(machine.begin(0), 1000).state();
        Proof rest = Peers.RESPONDER.prove(Leaf.restNonce(nonce(1000), Peers.RESPONDER.spki()));

        assertClosed(answer(challenged, nonce(1000), rest), Refusal.WRONG_PURPOSE);
    }

    @Test
    void bootKeysMustNotChangeUnderAConnection() {
        State challenged = tick(machine.begin(0), 1000).state();
        BootKeySet next = Peers.RESPONDER.atBoot(2).keys();

        assertClosed(
                answer(challenged, nonce(1000), Peers.RESPONDER.prove(theirs.ownLeaf(nonce(1000)), next)),
                Refusal.WRONG_KEYS);
    }

    @Test
    void hpkeKeyMayRotateWithinABoot() {
        BootKeySet keys = Peers.RESPONDER.keys();
        BootKeySet rotated = new BootKeySet(
                keys.chainId(),
                keys.nodeId(),
                keys.bootCounter(),
                keys.tlsSpki(),
                keys.voteKey33(),
                keys.shareKey33(),
                nonce(5),
                keys.resultKey33());
        State challenged = tick(machine.begin(0), 1000).state();
        Transition answered =
                answer(challenged, nonce(1000), Peers.RESPONDER.prove(theirs.ownLeaf(nonce(1000)), rotated));
        assertThat(answered.effect()).get().isInstanceOf(Effect.Judge.class);

        State renewed = step(answered.state(), new Input.Judged(1001, Peers.accepted(), rotated))
                .state();

        assertThat(renewed.keys()).isEqualTo(rotated);
        assertThat(challenged.keys()).isEqualTo(keys);
    }

    @Test
    void answerSignedByAnotherKeyCloses() {
        State challenged = tick(machine.begin(0), 1000).state();
        Proof forged = new Proof(
                prove(nonce(1000)).evidence(),
                Peers.STRANGER.slot().sign(ChannelLeaf.signingDigest(theirs.ownLeaf(nonce(1000)))));

        assertClosed(answer(challenged, nonce(1000), forged), Refusal.BAD_SIGNATURE);
    }

    @Test
    void lateAnswerIsDroppedAndAnUnaskedOneCloses() {
        State late = tick(tick(machine.begin(0), 1000).state(), 1030).state();
        State again = tick(late, 1130).state();

        Transition dropped = answer(again, nonce(1000), prove(nonce(1000)));
        assertThat(dropped.effect()).isEmpty();
        assertThat(dropped.state()).isEqualTo(again);
        assertClosed(answer(again, nonce(4), prove(nonce(4))), Refusal.UNEXPECTED_FRAME);
        assertClosed(answer(machine.begin(0), nonce(4), prove(nonce(4))), Refusal.UNEXPECTED_FRAME);
    }

    @Test
    void demandMakesAChallengeDueAtOnce() {
        State demanded = step(machine.begin(0), new Input.Demand()).state();

        assertThat(tick(demanded, 1).effect()).contains(new Effect.Challenge(nonce(1)));
    }

    private static Input judged(long now, Verdict verdict) {
        return new Input.Judged(now, verdict, Peers.RESPONDER.keys());
    }

    private Transition tick(State state, long now) {
        return step(state, new Input.Tick(now, nonce(now)));
    }

    private Transition answer(State state, Bytes nonce, Proof proof) {
        return step(state, new Input.Answered(nonce, proof));
    }

    private Transition step(State state, Input input) {
        return machine.step(state, input);
    }

    private Proof prove(Bytes nonce) {
        return Peers.RESPONDER.prove(theirs.ownLeaf(nonce));
    }

    private static Bytes nonce(long number) {
        return Hashes.sha256(Bytes.utf8("nonce " + number));
    }

    private static void assertClosed(Transition transition, Refusal reason) {
        assertThat(transition.effect())
                .hasValueSatisfying(effect -> assertThat(effect)
                        .isInstanceOfSatisfying(
                                Effect.Close.class,
                                close -> assertThat(close.reason()).isEqualTo(reason)));
    }
}
