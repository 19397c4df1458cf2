package io.cloister.consensus.store;

import io.cloister.consensus.core.LogRecord;
import io.cloister.vault.Journal;
import java.util.ArrayList;
import java.util.List;

/**
 * The log in a journal of the vault that nobody else writes. What is past is cut off now and then, not with each block.
 */
public final class JournalConsensusLog implements ConsensusLog {
    private static final int KIND = 1;
    private static final int HEIGHTS_KEPT = 32;
    private static final long BYTES_KEPT = 16L << 20;

    private final Journal journal;
    private long firstOfHeight = 1;
    private long heightWritten;
    private long heightTruncated;
    private long bytes;

    public JournalConsensusLog(Journal journal) {
        this.journal = journal;
    }

    @Override
    public void append(LogRecord record, boolean sync) {
        var encoded = record.encode();
        long seq = journal.append(KIND, encoded);
        bytes += encoded.length();
        if (record.height() > heightWritten) {
            heightWritten = record.height();
            firstOfHeight = seq;
        }
    }

    @Override
    public List<LogRecord> replay() {
        List<LogRecord> records = new ArrayList<>();
        journal.replay(1, (seq, kind, entry) -> {
            LogRecord record = LogRecord.decode(entry);
            records.add(record);
            bytes += entry.length();
            if (record.height() > heightWritten) {
                heightWritten = record.height();
                firstOfHeight = seq;
            }
        });
        return records;
    }

    @Override
    public void forgetBelow(long height) {
        if (height - heightTruncated < HEIGHTS_KEPT && bytes < BYTES_KEPT) {
            return;
        }
        journal.truncateBefore(heightWritten >= height ? firstOfHeight : journal.last() + 1);
        heightTruncated = height;
        bytes = 0;
    }
}
