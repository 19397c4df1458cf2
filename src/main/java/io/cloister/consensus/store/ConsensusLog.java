package io.cloister.consensus.store;

import io.cloister.consensus.core.LogRecord;
import java.util.List;

/** The own proposals, votes, locks and valid values of the height in progress. Used by the consensus thread only. */
public interface ConsensusLog {
    /** Appends a record; with {@code sync} it and all before it are durable when this returns. */
    void append(LogRecord record, boolean sync);

    /** Every record that is kept, in the order of writing. */
    List<LogRecord> replay();

    /** Records of lower heights may be dropped, now or later. */
    void forgetBelow(long height);
}
