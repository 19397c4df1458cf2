package io.cloister.consensus.store;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Change;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.HeaderLink;
import io.cloister.consensus.ValidatorSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A store that lives as long as its object: the disk of a simulated node. Blocks are kept encoded, as on a disk. */
public final class MemoryConsensusStore implements ConsensusStore {
    private final List<Bytes> blocks = new ArrayList<>();
    private final NavigableMap<Long, HeaderLink> changed = new TreeMap<>();
    private final Map<Bytes, ValidatorSet> validators = new HashMap<>();
    private final SortedMap<Bytes, Bytes> state = new TreeMap<>();
    private Optional<Bytes> genesisId = Optional.empty();
    private Optional<CertifiedHeader> before = Optional.empty();

    @Override
    public synchronized void open(Genesis genesis) {
        if (genesisId.isEmpty()) {
            genesisId = Optional.of(genesis.id());
            validators.put(genesis.validators().hash(), genesis.validators());
            state.putAll(genesis.state());
        } else if (!genesisId.get().equals(genesis.id())) {
            throw new IllegalStateException("another genesis");
        }
    }

    @Override
    public synchronized long height() {
        return base() - 1 + blocks.size();
    }

    @Override
    public synchronized long base() {
        return before.map(it -> it.header().height() + 1).orElse(1L);
    }

    @Override
    public synchronized Optional<CertifiedHeader> beforeBase() {
        return before;
    }

    @Override
    public synchronized Optional<CertifiedBlock> block(long height) {
        return height < base() || height > height()
                ? Optional.empty()
                : Optional.of(CertifiedBlock.decode(new Reader(blocks.get((int) (height - base())))));
    }

    @Override
    public synchronized List<CertifiedHeader> headers(long from, int limit) {
        List<CertifiedHeader> headers = new ArrayList<>();
        for (long height = Math.max(base(), from); height <= height() && headers.size() < limit; height++) {
            headers.add(block(height).orElseThrow().header());
        }
        return headers;
    }

    @Override
    public synchronized Optional<ValidatorSet> validators(Bytes hash) {
        return Optional.ofNullable(validators.get(hash));
    }

    @Override
    public synchronized Optional<HeaderLink> change(long from) {
        return Optional.ofNullable(changed.ceilingEntry(from)).map(Map.Entry::getValue);
    }

    @Override
    public synchronized SortedMap<Bytes, Bytes> state() {
        return new TreeMap<>(state);
    }

    @Override
    public synchronized void commit(CertifiedBlock block, List<Change> changes, ValidatorSet nextValidators) {
        if (block.height() != height() + 1) {
            throw new IllegalStateException("height " + block.height() + " does not follow " + height());
        }
        Writer writer = new Writer();
        block.encode(writer);
        blocks.add(writer.toBytes());
        validators.put(nextValidators.hash(), nextValidators);
        HeaderLink.change(block, nextValidators).ifPresent(link -> changed.put(link.height(), link));
        for (Change change : changes) {
            change.value().ifPresentOrElse(value -> state.put(change.key(), value), () -> state.remove(change.key()));
        }
    }

    @Override
    public synchronized void install(Snapshot snapshot) {
        if (snapshot.last().header().height() <= height()) {
            throw new IllegalStateException("the snapshot is not above height " + height());
        }
        before = Optional.of(snapshot.last());
        blocks.clear();
        snapshot.way().forEach(link -> changed.put(link.height(), link));
        snapshot.validators().forEach(set -> validators.put(set.hash(), set));
        state.clear();
        state.putAll(snapshot.state());
    }

    /** Damages the disk: replaces a stored block. */
    public synchronized void replace(CertifiedBlock block) {
        Writer writer = new Writer();
        block.encode(writer);
        blocks.set((int) (block.height() - base()), writer.toBytes());
    }

    /** Damages the disk: removes the block of a height, so that the next one stands in its place. */
    public synchronized void remove(long height) {
        blocks.remove((int) (height - base()));
    }

    /** Damages the disk: writes to the state beside the blocks. */
    public synchronized void write(Bytes key, Bytes value) {
        state.put(key, value);
    }
}
