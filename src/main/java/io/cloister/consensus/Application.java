package io.cloister.consensus;

import io.cloister.codec.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The state machine whose transactions are ordered. Everything but {@link #check} and {@link #sender} is called on the
 * consensus thread only and must give the same result on every node: no clock, no randomness, no network.
 */
public interface Application {
    /** Whether a transaction is worth a place in the pool. May be called by several threads at once. */
    void check(Bytes transaction) throws TransactionRefused;

    /**
     * Who sent a transaction that {@link #check} accepted: the key that bounds and priority of the pool go by; a
     * validator's vote key has priority. May be called by several threads at once.
     */
    default Optional<Bytes> sender(Bytes transaction) {
        return Optional.empty();
    }

    /**
     * Chooses and orders what a new block shall hold.
     *
     * @param maxBytes bound for {@link Block#bytesOf} of the result
     */
    List<Bytes> prepare(BlockContext context, List<Bytes> candidates, int maxBytes);

    /**
     * Executes transactions on top of the last committed state, without any effect on it.
     *
     * @throws InvalidBlock when the list as a whole must not stand in a block
     */
    Execution execute(BlockContext context, List<Bytes> transactions) throws InvalidBlock;

    /** The block is decided and durable, and so are the execution's changes. */
    void committed(Block block, Certificate certificate, Execution execution);

    /**
     * Takes up the stored state at start, before any other call.
     *
     * @param last header of the last committed block, empty before the first one
     * @throws IllegalStateException when the root recomputed from {@code state} is not the one of {@code last}
     */
    void restore(SortedMap<Bytes, Bytes> state, Optional<Header> last);
}
