package io.cloister.consensus;

import io.cloister.codec.Bytes;
import java.util.Optional;
import java.util.SortedMap;

/** Puts the state after a certified block together from chunks of peers. Used by one thread at a time. */
public interface SnapshotTaker {
    /** The least key from which on something is missing; empty when the state is complete. */
    Optional<Bytes> missing();

    /** @return false when the chunk proves nothing about this state, or brings nothing new; nothing of it is kept */
    boolean accept(Bytes chunk);

    /** The complete state. */
    SortedMap<Bytes, Bytes> state();

    /** Makes the complete state the application's, in place of the older one; quick, as consensus waits for it. */
    void adopt();
}
