package io.cloister.consensus.store;

import io.cloister.consensus.core.LogRecord;
import java.util.List;

/**
 * What binds what this node may sign next, and what is decided and not in the store yet. Used by the consensus thread
 * only.
 */
public interface ConsensusLog {
    /** Appends a record; with {@code sync} it and all before it are durable when this returns. */
    void append(LogRecord record, boolean sync);

    /** Every record that is kept, in the order of writing. */
    List<LogRecord> replay();

    /**
     * Records of lower heights may be dropped, now or later; but never the latest statement and the latest opening, since no
     * block may carry what they bind the node to.
     */
    void forgetBelow(long height);

    /** The highest height of which records were cut out by hand: nothing may be signed there. 0 when none ever were. */
    default long silentThrough() {
        return 0;
    }
}
