package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.ValidatorSet;
import java.util.List;

/** Everything that can happen to a {@link Replica}. The part that concerns one height goes on to its {@link Driver}. */
public sealed interface Input {
    /** What the {@link Driver} of a height takes. */
    sealed interface OfHeight extends Input {}

    /** Line 10: the height begins with round 0. */
    record Start() implements OfHeight {}

    /** The height goes on where the log says that it was when the node stopped; at least one record. */
    record Resume(List<LogRecord> records) implements OfHeight {}

    /** A proposal that {@link Admission} let through. */
    record ProposalArrived(Proposal proposal) implements OfHeight {}

    /** A vote that {@link Admission} let through. */
    record VoteArrived(Vote vote) implements OfHeight {}

    /** The answer to {@link Effect.Build}: the paper's getValue(). */
    record ValueReady(long height, int round, Block block) implements OfHeight {}

    /**
     * The answer to {@link Effect.Validate}.
     *
     * @param valid the paper's valid(v), the same on every node
     * @param timely whether the block's time is near the local one; asked only where a fresh proposal is prevoted
     */
    record Judged(long height, Bytes blockId, boolean valid, boolean timely) implements OfHeight {}

    /** The answer to {@link Effect.SignProposal}. */
    record ProposalSigned(Proposal proposal) implements OfHeight {}

    /** The answer to {@link Effect.SignVote}. */
    record VoteSigned(Vote vote) implements OfHeight {}

    /** A timer of a round fired. */
    record TimedOut(Timer.OfRound timer) implements OfHeight {}

    /**
     * The node is up and works on this height from now on.
     *
     * @param lastId id of the block before
     * @param lastTimeMillis time of the block before
     * @param records what the log holds of this height, in order
     * @param pending whether transactions wait
     */
    record Begin(
            long height,
            long epoch,
            Bytes lastId,
            long lastTimeMillis,
            ValidatorSet validators,
            List<LogRecord> records,
            boolean pending)
            implements Input {}

    /** A message from an authenticated peer, not yet looked at. */
    record Received(Bytes from, Message message) implements Input {}

    record Fired(Timer timer) implements Input {}

    /** {@link Effect.Commit} is done: block, certificate and state are durable. */
    record Committed(Block block, ValidatorSet nextValidators, boolean pending) implements Input {}

    /** Transactions wait for a block. */
    record Pending() implements Input {}
}
