package io.cloister.ledger.state;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;

/** A state tree of which some subtrees are known by their hash only. Its hash is that of the whole tree. */
sealed interface Pruned {
    /** Levels of forks; recursion goes as deep. */
    int MAX_DEPTH = 4_096;

    Bytes hash();

    /** A subtree of which nothing but the hash is known. */
    record Stub(Bytes hash) implements Pruned {}

    /** A known entry. */
    record Entry(Bytes key, Bytes value, Bytes hash) implements Pruned {
        Entry(Bytes key, Bytes value) {
            this(key, value, Node.Leaf.hashOf(key, Hashes.sha256(value)));
        }
    }

    /** A known fork. */
    record Branch(int bit, Pruned left, Pruned right, Bytes hash) implements Pruned {
        Branch(int bit, Pruned left, Pruned right) {
            this(bit, left, right, Node.Fork.hashOf(bit, left.hash(), right.hash()));
        }
    }

    /** In front of its parts: 0 and hash; 1, u32 bit, left, right; 2, bytes key, bytes value. */
    default void encode(Writer writer) {
        switch (this) {
            case Stub(Bytes hash) -> writer.u8(0).fixed(hash);
            case Branch(int bit, Pruned left, Pruned right, Bytes hash) -> {
                left.encode(writer.u8(1).u32(bit));
                right.encode(writer);
            }
            case Entry(Bytes key, Bytes value, Bytes hash) ->
                writer.u8(2).bytes(key).bytes(value);
        }
    }

    /** Takes no fork of two stubs, which is a stub, and no fork at a bit that is not above those over it. */
    static Pruned decode(Reader in) {
        return decode(in, -1, 0);
    }

    private static Pruned decode(Reader in, int above, int depth) {
        int kind = in.u8();
        return switch (kind) {
            case 0 -> new Stub(in.fixed(32));
            case 1 -> {
                long bit = in.u32();
                if (depth >= MAX_DEPTH || bit <= above || bit > Integer.MAX_VALUE) {
                    throw new CodecException(Reason.OUT_OF_RANGE, "a fork at bit " + bit + " below bit " + above);
                }
                Pruned left = decode(in, (int) bit, depth + 1);
                Pruned right = decode(in, (int) bit, depth + 1);
                if (left instanceof Stub && right instanceof Stub) {
                    throw new CodecException(Reason.NOT_CANONICAL, "a fork of which nothing is known");
                }
                yield new Branch((int) bit, left, right);
            }
            case 2 -> new Entry(in.bytes(StateChunk.MAX_BYTES), in.bytes(StateChunk.MAX_BYTES));
            default -> throw new CodecException(Reason.UNKNOWN, "node " + kind);
        };
    }

    /** All that is known of either; both have the same hash, so they are of the same tree. */
    static Pruned merge(Pruned one, Pruned other) {
        if (one instanceof Branch(int bit, Pruned left, Pruned right, Bytes hash)
                && other instanceof Branch(int same, Pruned otherLeft, Pruned otherRight, Bytes equal)) {
            Pruned mergedLeft = merge(left, otherLeft);
            Pruned mergedRight = merge(right, otherRight);
            return mergedLeft == left && mergedRight == right ? one : new Branch(bit, mergedLeft, mergedRight, hash);
        }
        return one instanceof Stub && !(other instanceof Stub) ? other : one;
    }
}
