package io.cloister.ledger.history;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.MerkleTree;
import java.util.ArrayList;
import java.util.List;

/**
 * What is needed to go on with an append-only RFC 6962 log: how many leaves it has, and the roots of the complete trees that
 * they make, the largest first.
 */
public record Frontier(long size, List<Bytes> peaks) {
    private static final int MAX_PEAKS = 63;

    public static final Frontier EMPTY = new Frontier(0, List.of());

    public Frontier {
        peaks = List.copyOf(peaks);
        if (Long.bitCount(size) != peaks.size()) {
            throw new IllegalArgumentException(peaks.size() + " peaks of " + size + " leaves");
        }
    }

    Frontier append(Bytes leaf) {
        List<Bytes> grown = new ArrayList<>(peaks);
        grown.add(MerkleTree.leafHash(leaf));
        for (long rest = size; (rest & 1) == 1; rest >>= 1) {
            Bytes right = grown.removeLast();
            grown.add(MerkleTree.nodeHash(grown.removeLast(), right));
        }
        return new Frontier(size + 1, grown);
    }

    /** The RFC 6962 root over all leaves. */
    public Bytes root() {
        if (peaks.isEmpty()) {
            return MerkleTree.root(List.of());
        }
        Bytes root = peaks.getLast();
        for (Bytes left : peaks.reversed().subList(1, peaks.size())) {
            root = MerkleTree.nodeHash(left, root);
        }
        return root;
    }

    /** Size, root and peaks, so that who is shown the state's value need not recompute the root. */
    Bytes encode() {
        return new Writer().u64(size).fixed(root()).list(peaks, Writer::fixed).toBytes();
    }

    static Frontier decode(Bytes encoded) {
        Reader in = new Reader(encoded);
        long size = in.u64();
        in.fixed(32);
        Frontier frontier = new Frontier(size, in.list(MAX_PEAKS, r -> r.fixed(32)));
        in.end();
        return frontier;
    }
}
