package io.cloister.channel.handshake;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.Grade;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Verdict;
import io.cloister.channel.Refusal;
import io.cloister.channel.handshake.HandshakeMessage.Proof;
import io.cloister.codec.Bytes;
import java.util.Optional;

/**
 * New evidence over a live connection, one end's view of the other: a challenge with a fresh nonce is due every period.
 * Lack of evidence lowers the grade and is retried until the grace period ends, so that a throttling host cannot stop
 * the chain; a negative verdict closes at once. All times are milliseconds of one monotonic clock. (H17-H19)
 */
public final class Reattestation {
    /**
     * The periods, in milliseconds.
     *
     * @param every from one accepted evidence to the next challenge
     * @param retry from lack of evidence to the next challenge
     * @param answer how long a challenge may stay open before evidence counts as lacking
     * @param grace from the last accepted evidence to the end of the connection
     */
    public record Timing(long every, long retry, long answer, long grace) {
        public Timing {
            if (every <= 0 || retry <= 0 || answer <= 0 || grace < every) {
                throw new IllegalArgumentException("periods are positive and the grace covers at least one period");
            }
        }
    }

    /**
     * Where the peer stands.
     *
     * @param verdict the last accepted one
     * @param keys the peer's boot key set, as its last accepted evidence has it
     * @param acceptedAt when that was
     * @param nextAt when the next challenge is due
     * @param open the nonce that the peer owes an answer to
     * @param answerBy until when
     * @param previous the nonce before, whose answer may still be under way
     * @param lacking whether the peer owes evidence for too long
     */
    public record State(
            Verdict verdict,
            BootKeySet keys,
            long acceptedAt,
            long nextAt,
            Optional<Bytes> open,
            long answerBy,
            Optional<Bytes> previous,
            boolean lacking) {
        /** The verdict's grade, one step lower while evidence is lacking. */
        public Grade grade() {
            Grade[] grades = Grade.values();
            int now = verdict.grade().ordinal();
            return lacking ? grades[Math.min(now + 1, grades.length - 1)] : verdict.grade();
        }

        private State lacks(long now, long retry) {
            return new State(
                    verdict, keys, acceptedAt, now + retry, Optional.empty(), 0, open.or(() -> previous), true);
        }
    }

    /** What can happen. */
    public sealed interface Input {
        /** Time passed; the nonce is fresh and serves if a challenge is due. */
        record Tick(long now, Bytes nonce) implements Input {}

        /** The policy changed: a challenge is due now. */
        record Demand() implements Input {}

        record Answered(Bytes nonce, Proof proof) implements Input {}

        /** The peer says that it cannot give evidence now. */
        record Declined(long now, Bytes nonce) implements Input {}

        /** The verdict on evidence that an answer brought, and the boot key set in it. */
        record Judged(long now, Verdict verdict, BootKeySet keys) implements Input {}

        /** Our own verifier could not judge. */
        record NotJudged(long now) implements Input {}
    }

    /** What to do. */
    public sealed interface Effect {
        record Challenge(Bytes nonce) implements Effect {}

        record Judge(Evidence evidence, Leaf expected) implements Effect {}

        record Close(Refusal reason, String detail) implements Effect {}
    }

    /** A state and at most one effect on the way to it. */
    public record Transition(State state, Optional<Effect> effect) {}

    private final Session session;
    private final Timing timing;

    public Reattestation(Session session, Timing timing) {
        this.session = session;
        this.timing = timing;
    }

    /** The state right after the handshake. */
    public State begin(long now) {
        return accepted(session.verdict(), session.peerKeys(), now);
    }

    /** Takes one input. Never throws for anything that a peer can send. */
    public Transition step(State state, Input input) {
        return switch (input) {
            case Input.Tick tick -> tick(state, tick);
            case Input.Demand ignored -> stay(dueNow(state));
            case Input.Answered answered -> answered(state, answered);
            case Input.Declined declined ->
                state.open().filter(declined.nonce()::equals).isPresent()
                        ? stay(state.lacks(declined.now(), timing.retry()))
                        : stray(state, declined.nonce());
            case Input.Judged judged ->
                judged.verdict().accepted()
                        ? stay(accepted(judged.verdict(), judged.keys(), judged.now()))
                        : close(state, Refusal.EVIDENCE_REJECTED, PeerProof.failures(judged.verdict())); // H19
            case Input.NotJudged failed -> stay(state.lacks(failed.now(), timing.retry()));
        };
    }

    private Transition tick(State state, Input.Tick tick) {
        long now = tick.now();
        if (now - state.acceptedAt() > timing.grace()) {
            return close(state, Refusal.NO_PEER_EVIDENCE, "for " + (now - state.acceptedAt()) + " ms"); // H18
        }
        if (state.open().isPresent()) {
            return stay(now < state.answerBy() ? state : state.lacks(now, timing.retry()));
        }
        if (now < state.nextAt()) {
            return stay(state);
        }
        State challenged = new State(
                state.verdict(),
                state.keys(),
                state.acceptedAt(),
                state.nextAt(),
                Optional.of(tick.nonce()),
                now + timing.answer(),
                state.previous(),
                state.lacking());
        return new Transition(challenged, Optional.of(new Effect.Challenge(tick.nonce())));
    }

    private Transition answered(State state, Input.Answered answered) {
        if (state.open().filter(answered.nonce()::equals).isEmpty()) {
            return stray(state, answered.nonce());
        }
        Proof proof = answered.proof();
        Leaf expected = session.peerLeaf(answered.nonce());
        Optional<Refusal> difference = ChannelLeaf.difference(proof.evidence().leaf(), expected);
        if (difference.isPresent()) {
            return close(state, difference.get(), "in an answer");
        }
        if (!BootFence.sameBoot(proof.evidence().keys(), session.peerKeys())) {
            return close(state, Refusal.WRONG_KEYS, "another boot under the connection");
        }
        if (!PeerProof.signed(session.peer(), proof, expected)) {
            return close(state, Refusal.BAD_SIGNATURE, "in an answer");
        }
        return new Transition(state, Optional.of(new Effect.Judge(proof.evidence(), expected)));
    }

    /** An answer that came too late is dropped; one to a challenge that never was ends the connection. */
    private static Transition stray(State state, Bytes nonce) {
        if (state.previous().filter(nonce::equals).isPresent()) {
            return stay(state);
        }
        return close(state, Refusal.UNEXPECTED_FRAME, "an answer without a challenge");
    }

    private State accepted(Verdict verdict, BootKeySet keys, long now) {
        return new State(verdict, keys, now, now + timing.every(), Optional.empty(), 0, Optional.empty(), false);
    }

    private static State dueNow(State state) {
        return new State(
                state.verdict(),
                state.keys(),
                state.acceptedAt(),
                Long.MIN_VALUE,
                state.open(),
                state.answerBy(),
                state.previous(),
                state.lacking());
    }

    private static Transition stay(State state) {
        return new Transition(state, Optional.empty());
    }

    private static Transition close(State state, Refusal reason, String detail) {
        return new Transition(state, Optional.of(new Effect.Close(reason, detail)));
    }
}
