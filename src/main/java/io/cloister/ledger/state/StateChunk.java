package io.cloister.ledger.state;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.ledger.state.Pruned.Branch;
import io.cloister.ledger.state.Pruned.Entry;
import io.cloister.ledger.state.Pruned.Stub;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A run of entries of the state, one behind the other in the order of keys, with the hashes that prove it against the
 * state's root: the tree in which everything before and behind the run is known by hash only.
 */
public final class StateChunk {
    /** The longest encoding. */
    public static final int MAX_BYTES = 4 << 20;

    private static final int VERSION = 1;

    private final Pruned tree;
    private final SortedMap<Bytes, Bytes> entries = new TreeMap<>();
    private boolean last;

    /** @throws CodecException NOT_CANONICAL when there is no entry, or something is left out between two */
    StateChunk(Pruned tree) {
        this.tree = tree;
        walk(tree);
        if (entries.isEmpty()) {
            throw new CodecException(Reason.NOT_CANONICAL, "a chunk without entries");
        }
    }

    private void walk(Pruned node) {
        switch (node) {
            case Stub stub -> last = false;
            case Branch(int bit, Pruned left, Pruned right, Bytes hash) -> {
                walk(left);
                walk(right);
            }
            case Entry(Bytes key, Bytes value, Bytes hash) -> {
                if (!entries.isEmpty() && (!last || entries.lastKey().compareTo(key) >= 0)) {
                    throw new CodecException(Reason.NOT_CANONICAL, "entries that do not follow each other");
                }
                entries.put(key, value);
                last = true;
            }
        }
    }

    /** The root that this chunk proves itself against. Means nothing until it is compared with a certified one. */
    public Bytes root() {
        return tree.hash();
    }

    public SortedMap<Bytes, Bytes> entries() {
        return new TreeMap<>(entries);
    }

    /** The least key that can follow the run; empty when nothing follows it. */
    public Optional<Bytes> next() {
        return last ? Optional.empty() : Optional.of(after(entries.lastKey()));
    }

    /** The least key above another one. */
    static Bytes after(Bytes key) {
        return Bytes.concat(key, Bytes.zeros(1));
    }

    Pruned tree() {
        return tree;
    }

    /** One byte of version, then the tree from its root, each fork before its left and right side. */
    public Bytes encode() {
        Writer writer = new Writer().u8(VERSION);
        tree.encode(writer);
        return writer.toBytes();
    }

    /** @throws CodecException for anything that {@link #encode} does not give */
    public static StateChunk decode(Bytes encoded) {
        if (encoded.length() > MAX_BYTES) {
            throw new CodecException(Reason.TOO_LONG, "a chunk of " + encoded.length() + " bytes");
        }
        Reader in = new Reader(encoded);
        int version = in.u8();
        if (version != VERSION) {
            throw new CodecException(Reason.UNKNOWN, "version " + version);
        }
        Pruned tree = Pruned.decode(in);
        in.end();
        return new StateChunk(tree);
    }
}
