package io.cloister.consensus.store;

import io.cloister.codec.Bytes;
import io.cloister.consensus.core.LogRecord;
import java.util.ArrayList;
import java.util.List;

/** A log that lives as long as its object. Records are kept encoded, as on a disk. */
public class MemoryConsensusLog implements ConsensusLog {
    private record Kept(long height, Bytes bytes) {}

    private final List<Kept> records = new ArrayList<>();

    @Override
    public synchronized void append(LogRecord record) {
        records.add(new Kept(record.height(), record.encode()));
    }

    @Override
    public synchronized List<LogRecord> replay() {
        return records.stream().map(kept -> LogRecord.decode(kept.bytes())).toList();
    }

    @Override
    public synchronized void forgetBelow(long height) {
        records.removeIf(kept -> kept.height() < height);
    }

    public synchronized int size() {
        return records.size();
    }
}
