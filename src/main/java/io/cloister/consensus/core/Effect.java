package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Evidence;
import io.cloister.consensus.HeaderLink;
import io.cloister.consensus.HeldPolka;
import io.cloister.consensus.Outline;
import io.cloister.consensus.Polka;
import io.cloister.consensus.Statement;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.VoteType;
import java.util.List;
import java.util.Optional;

/** What a {@link Replica} wants done. Effects of one step are carried out in their order. */
public sealed interface Effect {
    /** getValue(): make a block for this round, then {@link Input.ValueReady}. */
    record Build(long height, int round) implements Effect {}

    /** Put the batches into an outline, fetching what is not held, then {@link Input.BodyReady}. */
    record Assemble(Outline outline) implements Effect {}

    /** Check and execute a block, then {@link Input.Judged}. */
    record Validate(Block block) implements Effect {}

    /** Sign a proposal, then {@link Input.ProposalSigned}. */
    record SignProposal(int round, Block block, Optional<Polka> polka) implements Effect {}

    /** Sign a vote, then {@link Input.VoteSigned}; not at all when that place is signed otherwise. */
    record SignVote(VoteType type, long height, int round, Optional<Bytes> blockId, int basis) implements Effect {}

    /** Write a record to the log; {@code sync} makes it and all before it durable before anything that follows. */
    record Persist(LogRecord record, boolean sync) implements Effect {}

    record Broadcast(Message message) implements Effect {}

    record Send(Bytes to, Message message) implements Effect {}

    /** Send a peer the decided blocks from a height on, as many as fit a message. */
    record Serve(Bytes to, long from) implements Effect {}

    /** Answer a request for a snapshot, or for a part of it. */
    record ServeSnapshot(Bytes to, Message request) implements Effect {}

    /** Begin to put the state after this block together, then {@link Input.ChunkTaken}. */
    record BeginSnapshot(CertifiedHeader block) implements Effect {}

    /** Put a chunk to the state that was begun, then {@link Input.ChunkTaken}. */
    record TakeChunk(long height, Bytes chunk) implements Effect {}

    /**
     * The state is complete: put it in the place of everything that is stored, then {@link Input.Installed}.
     *
     * @param way the changes of validators that led to the block
     */
    record Install(CertifiedHeader last, ValidatorSet own, ValidatorSet named, List<HeaderLink> way) implements Effect {
        public Install {
            way = List.copyOf(way);
        }
    }

    record Arm(Timer timer, long delayMillis) implements Effect {}

    /** A block is decided: make it the last one, then {@link Input.Committed}. */
    record Commit(CertifiedBlock block) implements Effect {}

    /** Sign, with evidence for the boot's keys, the statement for a recovery, then {@link Input.Stated}. */
    record State(long fromEpoch, long recovery, Optional<CertifiedHeader> base, Optional<HeldPolka> polka)
            implements Effect {}

    /** Sign an opening of these statements as its leader, then {@link Input.OpeningSigned}. */
    record SignOpening(List<Statement> statements) implements Effect {}

    /** Nothing of an earlier epoch is to be signed from now on. */
    record LeaveEpochsBelow(long epoch) implements Effect {}

    /** A peer sent what no honest node sends. */
    record Refuse(Bytes from, Refusal refusal) implements Effect {}

    record Misbehaved(Evidence evidence) implements Effect {}

    /** More than a third lies or this node is broken: stop at once, loudly. */
    record Halt(String cause) implements Effect {}
}
