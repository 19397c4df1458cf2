package io.cloister.consensus.store;

import io.cloister.codec.Bytes;
import io.cloister.consensus.core.LogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A log that lives as long as its object. Records are kept encoded, as on a disk. */
public class MemoryConsensusLog implements ConsensusLog {
    private record Kept(long height, Bytes bytes) {}

    private final List<Kept> records = new ArrayList<>();

    @Override
    public synchronized void append(LogRecord record, boolean sync) {
        records.add(new Kept(record.height(), record.encode()));
    }

    @Override
    public synchronized List<LogRecord> replay() {
        return records.stream().map(kept -> LogRecord.decode(kept.bytes())).toList();
    }

    @Override
    public synchronized void forgetBelow(long height) {
        Optional<Bytes> stated = latest(LogRecord.Stated.class);
        Optional<Bytes> opened = latest(LogRecord.Opened.class);
        records.removeIf(kept -> kept.height() < height
                && !stated.equals(Optional.of(kept.bytes()))
                && !opened.equals(Optional.of(kept.bytes())));
    }

    private Optional<Bytes> latest(Class<? extends LogRecord> kind) {
        return records.stream()
                .map(Kept::bytes)
                .filter(bytes -> kind.isInstance(LogRecord.decode(bytes)))
                .reduce((first, second) -> second);
    }

    public synchronized int size() {
        return records.size();
    }
}
