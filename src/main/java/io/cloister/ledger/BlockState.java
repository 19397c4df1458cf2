package io.cloister.ledger;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Change;
import io.cloister.ledger.state.StateTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The state while a block is executed: the tree so far, and which keys were touched. */
final class BlockState {
    private final StateTree base;
    private final SortedSet<Bytes> touched = new TreeSet<>();
    private StateTree tree;

    BlockState(StateTree base) {
        this.base = base;
        this.tree = base;
    }

    StateTree tree() {
        return tree;
    }

    /** Goes back to an earlier version of this block's state. */
    void rollBackTo(StateTree earlier) {
        tree = earlier;
    }

    void put(Bytes key, Bytes value) {
        touched.add(key);
        tree = tree.put(key, value);
    }

    void remove(Bytes key) {
        touched.add(key);
        tree = tree.remove(key);
    }

    /** What differs from the state before the block, in the order of keys. */
    List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        for (Bytes key : touched) {
            Optional<Bytes> after = tree.get(key);
            if (!after.equals(base.get(key))) {
                changes.add(new Change(key, after));
            }
        }
        return changes;
    }

    static Bytes absolute(int module, Bytes key) {
        return Bytes.concat(Bytes.of((byte) module), key);
    }

    static SortedMap<Bytes, Bytes> scan(StateTree tree, int module, Bytes prefix, int limit) {
        SortedMap<Bytes, Bytes> relative = new TreeMap<>();
        tree.scan(absolute(module, prefix), limit)
                .forEach((key, value) -> relative.put(key.slice(1, key.length() - 1), value));
        return relative;
    }
}
