package io.cloister.consensus;

import io.cloister.codec.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The state machine whose transactions are ordered. {@link #check}, {@link #sender}, {@link #isEvidence} and {@link
 * #query} may be called by several threads at once; everything else is called by one thread at a time. What says so
 * must give the same result on every node: no clock, no randomness, no network.
 */
public interface Application {
    /** Whether a transaction is worth a place in a batch. */
    void check(Bytes transaction) throws TransactionRefused;

    /**
     * Who sent a transaction that {@link #check} accepted: the key that bounds and priority go by; a validator's vote key
     * has priority.
     */
    default Optional<Bytes> sender(Bytes transaction) {
        return Optional.empty();
    }

    /** Chooses and orders the batches of a new block, of at most {@code maxBytes} as {@link Batch#bytes} counts. */
    List<Batch> prepare(BlockContext context, List<Batch> waiting, long maxBytes);

    /**
     * Executes transactions on top of the last finalized state, without any effect on it. The same on every node.
     * Transactions that have become inadmissible, or that stand twice, are passed over and are no reason to refuse.
     *
     * @throws InvalidBlock when the block as a whole must not be
     */
    Execution process(BlockContext context, List<Bytes> transactions) throws InvalidBlock;

    /**
     * What this node adds to its precommit for a block; empty bytes for nothing. May differ from node to node.
     *
     * @return at most {@link Limits#EXTENSION_BYTES}
     */
    default Bytes extend(long height, Bytes blockId) {
        return Bytes.EMPTY;
    }

    /**
     * Whether a validator's extension for a height is well formed: decided from its bytes and the finalized state alone,
     * so that no honest precommit is ever refused for what only one node knows.
     */
    default boolean verifyExtension(long height, Validator from, Bytes data) {
        return false;
    }

    /**
     * Whether evidence vouches for new boot keys of a slot, for a statement of recovery.
     *
     * @param set with the slot's node id
     */
    boolean isEvidence(ValidatorSet set, KeyClaim claim, Bytes evidence);

    /** The block is decided: its execution is the state from now on. It may not be durable yet. */
    void finalizeBlock(Block block, Certificate certificate, Execution execution);

    /**
     * The validators of the height after the next as far as the last finalized state fixes them. A change of members is
     * fixed two heights ahead, so that a recovery can count both sets.
     */
    ValidatorSet laterValidators();

    /** Everything up to a height is durable. */
    default void commit(long height) {}

    /** The whole state after the last finalized block, unchanging; quick, and served by other threads. */
    StateSnapshot snapshot();

    /** Takes the state after a certified block from chunks that {@link #snapshot} gave on other nodes. */
    SnapshotTaker taker(Header block);

    /** The value of a key in the last finalized state. */
    Optional<Bytes> query(Bytes key);

    /**
     * Takes up a state, before any other call or in place of an older one.
     *
     * @param last header of the last committed block, empty before the first one
     * @throws IllegalStateException when the root recomputed from {@code state} is not the one of {@code last}
     */
    void restore(SortedMap<Bytes, Bytes> state, Optional<Header> last);
}
