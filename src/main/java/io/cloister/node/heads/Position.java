package io.cloister.node.heads;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;

/**
 * How far a node's state has come. Each number rises only, and what it counts is durable before it is read.
 *
 * @param changes how many transactions have changed registered tables of the state level
 * @param root the registry's tag after them, 36 bytes
 * @param height of the last stored block, 0 before the first
 * @param blockId of that block, zeros before the first
 * @param epoch of that block
 * @param journal number of the last durable record of the journal of votes
 */
public record Position(long changes, Bytes root, long height, Bytes blockId, long epoch, long journal) {
    static final int ROOT = 36;
    private static final int ID = 32;

    public Position {
        if (changes < 0 || height < 0 || epoch < 0 || journal < 0) {
            throw new IllegalArgumentException("a position has no negative number");
        }
        if (root.length() != ROOT || blockId.length() != ID) {
            throw new IllegalArgumentException("a root of 36 and a block id of 32 bytes");
        }
    }

    /** Whether a disk at this position cannot be the latest of a node that was at the other one. */
    public boolean isBehind(Position other) {
        return changes < other.changes
                || height < other.height
                || journal < other.journal
                || (changes == other.changes && !root.equals(other.root))
                || (height == other.height && !blockId.equals(other.blockId));
    }

    void write(Writer out) {
        out.u64(changes).fixed(root).u64(height).fixed(blockId).u64(epoch).u64(journal);
    }

    static Position read(Reader in) {
        return new Position(in.u64(), in.fixed(ROOT), in.u64(), in.fixed(ID), in.u64(), in.u64());
    }

    @Override
    public String toString() {
        return changes + " changes, height " + height + ", journal record " + journal;
    }
}
