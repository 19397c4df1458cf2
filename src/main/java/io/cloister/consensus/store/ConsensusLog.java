package io.cloister.consensus.store;

import io.cloister.consensus.core.LogRecord;
import java.util.List;

/** The own proposals, votes, locks and valid values of the height in progress. Used by the consensus thread only. */
public interface ConsensusLog {
    /** Appends a record; it is durable when this returns. */
    void append(LogRecord record);

    /** Appends a record that the next {@link #append} makes durable with its own; before that a crash may lose it. */
    default void note(LogRecord record) {
        append(record);
    }

    /** Every record that is kept, in the order of writing. */
    List<LogRecord> replay();

    /** Records of lower heights may be dropped, now or later. */
    void forgetBelow(long height);

    /** The highest height of which records were cut out by hand: nothing may be signed there. 0 when none ever were. */
    default long silentThrough() {
        return 0;
    }
}
