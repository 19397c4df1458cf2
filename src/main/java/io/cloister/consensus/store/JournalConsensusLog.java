package io.cloister.consensus.store;

import io.cloister.codec.Bytes;
import io.cloister.consensus.core.LogRecord;
import io.cloister.vault.Journal;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The log in a journal of the vault that nobody else writes. What is past is cut off now and then, not with each block.
 */
public final class JournalConsensusLog implements ConsensusLog {
    private static final int KIND = 1;
    private static final int HEIGHTS_KEPT = 32;
    private static final long BYTES_KEPT = 16L << 20;

    /** An entry that is never dropped, written again when all around it goes. */
    private record Kept(long seq, Bytes encoded) {}

    private final Journal journal;
    private final NavigableMap<Long, Long> firstOfHeight = new TreeMap<>();
    private Optional<Kept> stated = Optional.empty();
    private Optional<Kept> opened = Optional.empty();
    private long heightTruncated;
    private long bytes;

    public JournalConsensusLog(Journal journal) {
        this.journal = journal;
    }

    @Override
    public void append(LogRecord record, boolean sync) {
        Bytes encoded = record.encode();
        note(record, journal.append(KIND, encoded), encoded);
    }

    @Override
    public List<LogRecord> replay() {
        List<LogRecord> records = new ArrayList<>();
        journal.replay(1, (seq, kind, entry) -> {
            LogRecord record = LogRecord.decode(entry);
            records.add(record);
            note(record, seq, entry);
        });
        return records;
    }

    private void note(LogRecord record, long seq, Bytes encoded) {
        bytes += encoded.length();
        firstOfHeight.putIfAbsent(record.height(), seq);
        if (record instanceof LogRecord.Stated) {
            stated = Optional.of(new Kept(seq, encoded));
        } else if (record instanceof LogRecord.Opened) {
            opened = Optional.of(new Kept(seq, encoded));
        }
    }

    @Override
    public void forgetBelow(long height) {
        if (height - heightTruncated < HEIGHTS_KEPT && bytes < BYTES_KEPT) {
            return;
        }
        firstOfHeight.headMap(height).clear();
        long from = firstOfHeight.values().stream().min(Long::compare).orElse(journal.last() + 1);
        stated = stated.map(it -> movedBehind(from, it));
        opened = opened.map(it -> movedBehind(from, it));
        journal.truncateBefore(from);
        heightTruncated = height;
        bytes = 0;
    }

    private Kept movedBehind(long from, Kept kept) {
        return kept.seq() >= from ? kept : new Kept(journal.append(KIND, kept.encoded()), kept.encoded());
    }
}
