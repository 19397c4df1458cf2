package io.cloister.ledger;

import io.cloister.codec.Bytes;
import io.cloister.consensus.InvalidBlock;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Opening;
import io.cloister.consensus.ValidatorSet;
import java.util.Optional;

/** A part of the replicated application with its own part of the state. Deterministic; never blocks. */
public interface Module {

    /** First byte of the module's keys and the number that transactions name; 1 to 255. */
    int id();

    /** Cheap refusal at the door, against the last committed state. May be called from several threads at once. */
    void check(Transaction transaction, View state) throws Refusal;

    /** Executes one transaction; a refusal undoes what it wrote. */
    void execute(Transaction transaction, Context context) throws Refusal;

    /** Writes what the state holds before the first block. */
    default void genesis(Context context) {}

    /**
     * Who answers for a transaction whose sender is no validator, as far as its bytes show; bounds and the door go by it.
     * Empty refuses the transaction. Cheap; may be called from several threads at once.
     */
    default Optional<Bytes> guarantor(Transaction transaction, View state) {
        return Optional.empty();
    }

    /**
     * Whether evidence vouches for the keys that a slot of the set claims in a recovery, by the state and its time. May be
     * called from several threads at once.
     */
    default boolean isEvidence(View state, ValidatorSet set, KeyClaim claim, Bytes evidence) {
        return false;
    }

    /**
     * Runs before the first transaction of a block that opens an epoch.
     *
     * @throws InvalidBlock when what the opening claims must not be
     */
    default void openEpoch(Context context, Opening opening) throws InvalidBlock {}

    /** Runs after the last transaction of each block, in the order of module numbers. */
    default void endBlock(Context context) {}
}
