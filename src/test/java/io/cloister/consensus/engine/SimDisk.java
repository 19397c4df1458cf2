package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Change;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.HeaderLink;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.core.LogRecord;
import io.cloister.consensus.store.ConsensusLog;
import io.cloister.consensus.store.ConsensusStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The disk of a simulated node: store, log and boot counter, encoded as on a real one. Of the log only what was synced
 * is sure to survive a power cut. It can be copied, which is what a rollback and a clone of a machine are made of.
 */
final class SimDisk implements ConsensusStore, ConsensusLog {
    private final List<Bytes> blocks = new ArrayList<>();
    private final NavigableMap<Long, HeaderLink> changed = new TreeMap<>();
    private final Map<Bytes, ValidatorSet> validators = new HashMap<>();
    private final SortedMap<Bytes, Bytes> state = new TreeMap<>();
    private final List<Bytes> log = new ArrayList<>();
    private final List<Long> heights = new ArrayList<>();
    private int synced;
    private Optional<Bytes> genesisId = Optional.empty();
    private Optional<CertifiedHeader> before = Optional.empty();
    long bootCounter;

    SimDisk copy() {
        SimDisk copy = new SimDisk();
        copy.blocks.addAll(blocks);
        copy.validators.putAll(validators);
        copy.changed.putAll(changed);
        copy.state.putAll(state);
        copy.log.addAll(log.subList(0, synced));
        copy.heights.addAll(heights.subList(0, synced));
        copy.synced = synced;
        copy.genesisId = genesisId;
        copy.before = before;
        copy.bootCounter = bootCounter;
        return copy;
    }

    /** The power goes off: of what was not synced a part may have reached the disk. */
    void cut(int survivors) {
        int left = Math.min(log.size(), synced + survivors);
        log.subList(left, log.size()).clear();
        heights.subList(left, heights.size()).clear();
        synced = left;
    }

    int unsynced() {
        return log.size() - synced;
    }

    @Override
    public void append(LogRecord record, boolean sync) {
        log.add(record.encode());
        heights.add(record.height());
        if (sync) {
            synced = log.size();
        }
    }

    @Override
    public List<LogRecord> replay() {
        return log.stream().map(LogRecord::decode).toList();
    }

    /** Like a journal of segments: what is past goes from the front, and only in larger pieces. */
    @Override
    public void forgetBelow(long height) {
        int past = 0;
        while (past < synced && heights.get(past) < height) {
            past++;
        }
        if (past >= 64) {
            log.subList(0, past).clear();
            heights.subList(0, past).clear();
            synced -= past;
        }
    }

    /** Whether a record is durable. */
    boolean holds(Bytes record) {
        for (int i = synced - 1; i >= 0; i--) {
            if (log.get(i).equals(record)) {
                return true;
            }
        }
        return false;
    }

    int logSize() {
        return log.size();
    }

    @Override
    public void open(Genesis genesis) {
        if (genesisId.isEmpty()) {
            genesisId = Optional.of(genesis.id());
            validators.put(genesis.validators().hash(), genesis.validators());
            state.putAll(genesis.state());
        }
    }

    @Override
    public long height() {
        return base() - 1 + blocks.size();
    }

    @Override
    public long base() {
        return before.map(it -> it.header().height() + 1).orElse(1L);
    }

    @Override
    public Optional<CertifiedHeader> beforeBase() {
        return before;
    }

    @Override
    public void install(Snapshot snapshot) {
        before = Optional.of(snapshot.last());
        blocks.clear();
        snapshot.way().forEach(link -> changed.put(link.height(), link));
        snapshot.validators().forEach(set -> validators.put(set.hash(), set));
        state.clear();
        state.putAll(snapshot.state());
    }

    @Override
    public Optional<CertifiedBlock> block(long height) {
        return height < base() || height > height()
                ? Optional.empty()
                : Optional.of(CertifiedBlock.decode(new Reader(blocks.get((int) (height - base())))));
    }

    @Override
    public List<CertifiedHeader> headers(long from, int limit) {
        List<CertifiedHeader> headers = new ArrayList<>();
        for (long height = Math.max(base(), from); height <= height() && headers.size() < limit; height++) {
            headers.add(block(height).orElseThrow().header());
        }
        return headers;
    }

    @Override
    public Optional<ValidatorSet> validators(Bytes hash) {
        return Optional.ofNullable(validators.get(hash));
    }

    @Override
    public Optional<HeaderLink> change(long from) {
        return Optional.ofNullable(changed.ceilingEntry(from)).map(Map.Entry::getValue);
    }

    @Override
    public SortedMap<Bytes, Bytes> state() {
        return new TreeMap<>(state);
    }

    @Override
    public void commit(CertifiedBlock block, List<Change> changes, ValidatorSet nextValidators) {
        if (block.height() != height() + 1) {
            throw new IllegalStateException("height " + block.height() + " does not follow " + height());
        }
        Writer writer = new Writer();
        block.encode(writer);
        blocks.add(writer.toBytes());
        validators.put(nextValidators.hash(), nextValidators);
        HeaderLink.change(block, nextValidators).ifPresent(link -> changed.put(link.height(), link));
        changes.forEach(change -> state.put(change.key(), change.value().orElseThrow()));
    }
}
