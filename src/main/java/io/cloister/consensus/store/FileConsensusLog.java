package io.cloister.consensus.store;

import io.cloister.consensus.core.LogRecord;
import io.cloister.vault.file.FileJournal;
import io.cloister.vault.file.RecordKind;
import java.util.ArrayList;
import java.util.List;

/** The log in a journal of files that nobody else writes. */
public final class FileConsensusLog implements ConsensusLog {
    private final FileJournal journal;

    public FileConsensusLog(FileJournal journal) {
        this.journal = journal;
    }

    @Override
    public void append(LogRecord record) {
        append(record, true);
    }

    @Override
    public void note(LogRecord record) {
        append(record, false);
    }

    private void append(LogRecord record, boolean sync) {
        journal.append(kind(record), record.height(), record.encode(), sync);
    }

    /** Whatever a key has signed binds; only a valid value without a vote does not. */
    private static RecordKind kind(LogRecord record) {
        return record instanceof LogRecord.Valued ? RecordKind.NOTE : RecordKind.VOTE;
    }

    @Override
    public List<LogRecord> replay() {
        List<LogRecord> records = new ArrayList<>();
        journal.replay((sequence, kind, height, payload) -> records.add(LogRecord.decode(payload)));
        return records;
    }

    @Override
    public void forgetBelow(long height) {
        journal.forgetBelow(height);
    }

    @Override
    public long silentThrough() {
        return journal.silentThrough();
    }
}
