package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.VoteType;
import java.util.Optional;

/** What a {@link Replica} wants done. Effects of one step are carried out in their order. */
public sealed interface Effect {
    /** getValue(): make a block for this round, then {@link Input.ValueReady}. */
    record Build(long height, int round) implements Effect {}

    /** Check and execute a block, then {@link Input.Judged}. */
    record Validate(Block block) implements Effect {}

    /** Sign a proposal, then {@link Input.ProposalSigned}. */
    record SignProposal(int round, Block block, Optional<Polka> polka) implements Effect {}

    /** Sign a vote, then {@link Input.VoteSigned}; not at all when that slot of the ballot is signed otherwise. */
    record SignVote(VoteType type, long height, int round, Optional<Bytes> blockId) implements Effect {}

    /** Make a record durable before anything that follows. */
    record Persist(LogRecord record) implements Effect {}

    record Broadcast(Message message) implements Effect {}

    record Send(Bytes to, Message message) implements Effect {}

    /** Send a peer the decided blocks from a height on, as many as fit a message. */
    record Serve(Bytes to, long from) implements Effect {}

    record Arm(Timer timer, long delayMillis) implements Effect {}

    /** A block is decided: make it durable with all it changes, then {@link Input.Committed}. */
    record Commit(Block block, Certificate certificate) implements Effect {}

    /** A peer sent what no honest node sends. */
    record Refuse(Bytes from, Refusal refusal) implements Effect {}

    record Misbehaved(Evidence evidence) implements Effect {}

    /** More than a third lies or this node is broken: stop at once, loudly. */
    record Halt(String cause) implements Effect {}
}
