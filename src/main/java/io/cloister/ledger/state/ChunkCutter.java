package io.cloister.ledger.state;

import io.cloister.codec.Bytes;
import io.cloister.ledger.state.Pruned.Branch;
import io.cloister.ledger.state.Pruned.Entry;
import io.cloister.ledger.state.Pruned.Stub;

/** Cuts one chunk out of a tree: entries from a key on until so many bytes are full, at least one. */
final class ChunkCutter {
    /** What an entry and the fork over it add to key and value. */
    private static final int OVERHEAD = 14;

    private final Bytes from;
    private final int maxBytes;
    private long bytes;
    private boolean full;

    ChunkCutter(Bytes from, int maxBytes) {
        this.from = from;
        this.maxBytes = maxBytes;
    }

    Pruned cut(Node node) {
        if (full) {
            return new Stub(node.hash());
        }
        return switch (node) {
            case Node.Leaf leaf -> cut(leaf);
            case Node.Fork fork -> {
                if (isBelow(fork)) {
                    yield new Stub(fork.hash());
                }
                Pruned left = cut(fork.left);
                Pruned right = cut(fork.right);
                yield left instanceof Stub && right instanceof Stub
                        ? new Stub(fork.hash())
                        : new Branch(fork.bit, left, right, fork.hash());
            }
        };
    }

    private Pruned cut(Node.Leaf leaf) {
        if (leaf.key.compareTo(from) < 0) {
            return new Stub(leaf.hash());
        }
        long size = (long) OVERHEAD + leaf.key.length() + leaf.value.length();
        if (bytes > 0 && bytes + size > maxBytes) {
            full = true;
            return new Stub(leaf.hash());
        }
        bytes += size;
        return new Entry(leaf.key, leaf.value, leaf.hash());
    }

    /** Whether all keys below the fork come before the first one wanted: they agree up to the fork's bit. */
    private boolean isBelow(Node.Fork fork) {
        Node any = fork;
        while (any instanceof Node.Fork inner) {
            any = inner.left;
        }
        Bytes key = ((Node.Leaf) any).key;
        if (key.compareTo(from) >= 0) {
            return false;
        }
        int difference = KeyBits.firstDifference(key, from);
        return difference < fork.bit;
    }
}
