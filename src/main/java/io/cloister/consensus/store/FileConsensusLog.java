package io.cloister.consensus.store;

import io.cloister.codec.Bytes;
import io.cloister.consensus.core.LogRecord;
import io.cloister.vault.file.FileJournal;
import io.cloister.vault.file.RecordKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The log in a journal of files that nobody else writes. What is past goes with its segment; the latest statement and the
 * latest opening are written again before that, because they bind for longer than any height lasts.
 */
public final class FileConsensusLog implements ConsensusLog {
    private static final long HEIGHTS_AHEAD = 256;

    /** A record that must outlive its segment, and the height that it stands under in the journal. */
    private record Kept(Bytes encoded, long height) {}

    private final FileJournal journal;
    private Optional<Kept> stated = Optional.empty();
    private Optional<Kept> opened = Optional.empty();

    public FileConsensusLog(FileJournal journal) {
        this.journal = journal;
    }

    @Override
    public void append(LogRecord record, boolean sync) {
        Bytes encoded = record.encode();
        journal.append(kind(record), record.height(), encoded, sync);
        note(record, encoded, record.height());
    }

    private void note(LogRecord record, Bytes encoded, long height) {
        if (record instanceof LogRecord.Stated) {
            stated = Optional.of(new Kept(encoded, height));
        } else if (record instanceof LogRecord.Opened) {
            opened = Optional.of(new Kept(encoded, height));
        }
    }

    /** Whatever a key has signed binds; a valid value without a vote and a decision of others do not. */
    private static RecordKind kind(LogRecord record) {
        return switch (record) {
            case LogRecord.Valued _, LogRecord.Decided _, LogRecord.Required _ -> RecordKind.NOTE;
            case LogRecord.Voted _, LogRecord.Locked _, LogRecord.Stated _, LogRecord.Opened _ -> RecordKind.VOTE;
        };
    }

    @Override
    public List<LogRecord> replay() {
        List<LogRecord> records = new ArrayList<>();
        journal.replay((sequence, kind, height, payload) -> {
            LogRecord record = LogRecord.decode(payload);
            records.add(record);
            note(record, payload, height);
        });
        return records;
    }

    @Override
    public void forgetBelow(long height) {
        stated = stated.map(it -> carriedOn(it, height));
        opened = opened.map(it -> carriedOn(it, height));
        journal.forgetBelow(height);
    }

    private Kept carriedOn(Kept kept, long height) {
        if (kept.height() >= height) {
            return kept;
        }
        journal.append(RecordKind.VOTE, height + HEIGHTS_AHEAD, kept.encoded(), true);
        return new Kept(kept.encoded(), height + HEIGHTS_AHEAD);
    }

    @Override
    public long silentThrough() {
        return journal.silentThrough();
    }
}
