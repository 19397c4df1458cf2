package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.HeldPolka;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Statement;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.Vote;
import java.util.Optional;

/** Everything that can happen to a {@link Replica}. The part that concerns one height goes on to its {@link Driver}. */
public sealed interface Input {
    /** What the {@link Driver} of a height takes. */
    sealed interface OfHeight extends Input {}

    /** Line 10: the height begins with round 0. */
    record Start() implements OfHeight {}

    /** A proposal that {@link Admission} let through; {@code timely} when its time is near the local one. */
    record ProposalArrived(Proposal proposal, boolean timely) implements OfHeight {}

    /** A vote that {@link Admission} let through. */
    record VoteArrived(Vote vote) implements OfHeight {}

    /** The answer to {@link Effect.Build}: the paper's getValue(). */
    record ValueReady(long height, int round, Block block) implements OfHeight {}

    /** The answer to {@link Effect.Assemble}, or a body that a peer sent: intact, so that its id names it. */
    record BodyReady(Block block) implements OfHeight {}

    /** The answer to {@link Effect.Validate}: the paper's valid(v), the same on every node. */
    record Judged(long height, Bytes blockId, boolean valid) implements OfHeight {}

    /** The answer to {@link Effect.SignProposal}. */
    record ProposalSigned(Proposal proposal, Block block) implements OfHeight {}

    /** The answer to {@link Effect.SignVote}. */
    record VoteSigned(Vote vote) implements OfHeight {}

    /** A timer of a round fired. */
    record TimedOut(Timer.OfRound timer) implements OfHeight {}

    /**
     * The node is up and works on the height after the parent from now on.
     *
     * @param named the set that the parent names next
     * @param later the set of the height after that, as far as it is fixed
     * @param memory what the log holds of this height, and of recoveries
     * @param waiting how many transactions wait for a block
     */
    record Begin(long epoch, Parent parent, ValidatorSet named, ValidatorSet later, Memory memory, int waiting)
            implements Input {}

    /**
     * What the log holds of earlier boots. Their vote keys are gone, so nothing of it is taken up again, but statements
     * for a recovery must show it.
     *
     * @param polka the highest one of the height in progress
     * @param block that it is for
     * @param required the block of the height in progress that the opening requires
     * @param stated the highest recovery that was stated: no vote in an earlier epoch may be given
     * @param opening of the highest epoch that was accepted: the same
     */
    record Memory(
            Optional<HeldPolka> polka,
            Optional<Block> block,
            Optional<Promise> stated,
            Optional<Opening> opening,
            Optional<Block> required) {
        public static final Memory NONE =
                new Memory(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        long accepted() {
            return opening.map(Opening::epoch).orElse(0L);
        }
    }

    /** A recovery that a boot of this slot has stated. */
    record Promise(long recovery, long bootCounter) {}

    /** A message from an authenticated peer, not yet looked at. */
    record Received(Bytes from, Message message) implements Input {}

    record Fired(Timer timer) implements Input {}

    /** {@link Effect.Commit} is done: the block is the last one from now on. */
    record Committed(Block block, ValidatorSet nextValidators, ValidatorSet later, int waiting) implements Input {}

    /**
     * The answer to {@link Effect.BeginSnapshot} and {@link Effect.TakeChunk}.
     *
     * @param height of the block after which the state is
     * @param good false when the chunk brought nothing
     * @param missing the least key that is missing still; empty when the state is complete
     */
    record ChunkTaken(long height, boolean good, Optional<Bytes> missing) implements Input {}

    /** {@link Effect.Install} is done: the snapshot's block is the last one from now on. */
    record Installed(ValidatorSet later, int waiting) implements Input {}

    /** So many transactions wait for a block now. */
    record Waiting(int transactions) implements Input {}

    /** The answer to {@link Effect.State}: the own statement, signed. */
    record Stated(Statement statement) implements Input {}

    /** The answer to {@link Effect.SignOpening}. */
    record OpeningSigned(Opening opening) implements Input {}
}
