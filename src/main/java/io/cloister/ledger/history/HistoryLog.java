package io.cloister.ledger.history;

import io.cloister.codec.Bytes;
import io.cloister.crypto.MerkleTree;
import io.cloister.ledger.View;
import java.util.ArrayList;
import java.util.List;

/**
 * Paths in the validators' history. It remembers what it has hashed, so that a path costs some hashes and not as many as
 * there are entries. What it remembers is held against the root in the state, and read anew when that is another. Holds
 * about 200 bytes for each change of the validators. Thread-safe.
 */
public final class HistoryLog {
    private final List<SetEntry> entries = new ArrayList<>();

    /** At k the roots of the complete trees of 2^k leaves each, from the left. */
    private final List<List<Bytes>> levels = new ArrayList<>();

    /** All entries of this state's history. */
    public synchronized List<SetEntry> entries(View anyModule) {
        return List.copyOf(entries.subList(0, upTo(anyModule)));
    }

    /**
     * Shows that an entry belongs to the log of {@link ValidatorHistory#frontier}.
     *
     * @throws IndexOutOfBoundsException when there is no such entry
     */
    public synchronized MerkleTree.Path proof(View anyModule, long index) {
        int size = upTo(anyModule);
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("no entry " + index + " of " + size);
        }
        List<Bytes> siblings = new ArrayList<>();
        collect(0, size, (int) index, siblings);
        return new MerkleTree.Path(index, size, siblings);
    }

    private int upTo(View state) {
        Frontier frontier = ValidatorHistory.frontier(state);
        int size = Math.toIntExact(frontier.size());
        read(state, size);
        if (size > 0 && !hash(0, size).equals(frontier.root())) {
            entries.clear();
            levels.clear();
            read(state, size);
        }
        return size;
    }

    private void read(View state, int size) {
        while (entries.size() < size) {
            SetEntry entry = ValidatorHistory.entry(state, entries.size()).orElseThrow();
            entries.add(entry);
            add(0, MerkleTree.leafHash(entry.encode()));
        }
    }

    private void add(int level, Bytes hash) {
        if (levels.size() == level) {
            levels.add(new ArrayList<>());
        }
        List<Bytes> complete = levels.get(level);
        complete.add(hash);
        if (complete.size() % 2 == 0) {
            add(level + 1, MerkleTree.nodeHash(complete.get(complete.size() - 2), hash));
        }
    }

    /** The root over so many leaves from one on that a complete tree ends at. */
    private Bytes hash(int from, int size) {
        int left = Integer.highestOneBit(size);
        if (left == size) {
            int level = Integer.numberOfTrailingZeros(size);
            return levels.get(level).get(from >> level);
        }
        return MerkleTree.nodeHash(hash(from, left), hash(from + left, size - left));
    }

    private void collect(int from, int size, int index, List<Bytes> siblings) {
        if (size == 1) {
            return;
        }
        int left = Integer.highestOneBit(size - 1);
        if (index < left) {
            collect(from, left, index, siblings);
            siblings.add(hash(from + left, size - left));
        } else {
            collect(from + left, size - left, index - left, siblings);
            siblings.add(hash(from, left));
        }
    }
}
