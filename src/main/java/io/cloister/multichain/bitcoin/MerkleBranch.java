package io.cloister.multichain.bitcoin;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import io.cloister.multichain.ProofRefused;
import io.cloister.multichain.ProofRefused.Reason;
import java.util.ArrayList;
import java.util.List;

/**
 * The way from one transaction id to a block's Merkle root: double SHA-256 of pairs, a lone last node paired with
 * itself.
 *
 * @param index position of the transaction in its block
 * @param siblings from the leaves upwards, 32 bytes each
 */
public record MerkleBranch(long index, List<Bytes> siblings) {
    /** Deeper than any block of this family can be (2^20 transactions of 60 bytes are 60 MB). */
    public static final int MAX_DEPTH = 20;

    public MerkleBranch {
        siblings = List.copyOf(siblings);
    }

    /**
     * The root of a list of ids, in wire order.
     *
     * @throws ProofRefused DUPLICATE_NODE when two different nodes of one level are equal neighbours (CVE-2012-2459)
     */
    static Bytes root(List<Bytes> txids) {
        List<Bytes> level = txids;
        while (level.size() > 1) {
            level = parents(level);
        }
        return level.getFirst();
    }

    private static List<Bytes> parents(List<Bytes> level) {
        List<Bytes> parents = new ArrayList<>();
        for (int i = 0; i < level.size(); i += 2) {
            Bytes left = level.get(i);
            Bytes right = i + 1 < level.size() ? level.get(i + 1) : left;
            if (i + 1 < level.size() && left.equals(right)) {
                throw duplicate();
            }
            parents.add(Hashes.doubleSha256(left, right));
        }
        return parents;
    }

    static MerkleBranch of(List<Bytes> txids, int index) {
        List<Bytes> siblings = new ArrayList<>();
        List<Bytes> level = txids;
        for (int at = index; level.size() > 1; at /= 2) {
            int beside = at ^ 1;
            siblings.add(level.get(beside < level.size() ? beside : at));
            level = parents(level);
        }
        return new MerkleBranch(index, siblings);
    }

    /**
     * The root this branch leads to from a transaction id.
     *
     * @throws ProofRefused INDEX when the position is outside a tree of this depth, DUPLICATE_NODE when a right-hand
     *     node equals its left sibling
     */
    Bytes fold(Bytes txid) {
        if (siblings.size() > MAX_DEPTH || index < 0 || index >= 1L << siblings.size()) {
            throw new ProofRefused(Reason.INDEX, "position " + index + " in a tree of depth " + siblings.size());
        }
        Bytes node = txid;
        long at = index;
        for (Bytes sibling : siblings) {
            boolean right = (at & 1) == 1;
            if (right && sibling.equals(node)) {
                throw duplicate();
            }
            node = right ? Hashes.doubleSha256(sibling, node) : Hashes.doubleSha256(node, sibling);
            at >>= 1;
        }
        return node;
    }

    private static ProofRefused duplicate() {
        return new ProofRefused(Reason.DUPLICATE_NODE, "a node is the copy of its left sibling");
    }

    void encode(Writer writer) {
        writer.u32(index).list(siblings, Writer::fixed);
    }

    static MerkleBranch decode(Reader reader) {
        return new MerkleBranch(reader.u32(), reader.list(MAX_DEPTH, each -> each.fixed(32)));
    }
}
