package io.cloister.codec.ethereum;

import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.Rlp.Item;
import io.cloister.crypto.Hashes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The modified Merkle-Patricia trie (Yellow Paper appendix D): root and proof of a whole map, and the check of a proof.
 * Keys are taken as they are; a secure trie's caller hashes them first. An empty value means absence.
 */
public final class MerklePatriciaTrie {
    /** The root of a trie without entries. */
    public static final Bytes EMPTY_ROOT = Hashes.keccak256(Bytes.of((byte) 0x80));

    private static final int BRANCH = 16;

    private record Entry(byte[] path, Bytes value) {}

    private MerklePatriciaTrie() {}

    public static Bytes root(Map<Bytes, Bytes> entries) {
        List<Entry> sorted = sorted(entries);
        return sorted.isEmpty() ? EMPTY_ROOT : Hashes.keccak256(Rlp.encode(node(sorted, 0)));
    }

    /**
     * The nodes from the root towards a key, those embedded in their parent left out. When the map lacks the key, they
     * prove its absence.
     */
    public static List<Bytes> proof(Map<Bytes, Bytes> entries, Bytes key) {
        List<Bytes> nodes = new ArrayList<>();
        List<Entry> remaining = sorted(entries);
        byte[] path = Nibbles.of(key);
        int depth = 0;
        while (!remaining.isEmpty()) {
            Bytes encoded = Rlp.encode(node(remaining, depth));
            if (depth == 0 || encoded.length() >= 32) {
                nodes.add(encoded);
            }
            int shared = shared(remaining, depth);
            if (remaining.size() == 1 || !matches(path, remaining.getFirst().path(), depth, shared)) {
                return nodes;
            }
            if (shared > depth) { // an extension; the branch below it comes next
                Bytes branch = Rlp.encode(branch(remaining, shared));
                if (branch.length() >= 32) {
                    nodes.add(branch);
                }
            }
            if (path.length == shared) {
                return nodes;
            }
            int at = shared;
            remaining = remaining.stream()
                    .filter(entry -> entry.path().length > at && entry.path()[at] == path[at])
                    .toList();
            depth = shared + 1;
        }
        return nodes;
    }

    /**
     * Follows a proof from the root to a key.
     *
     * @return the value, or empty when the proof shows that the trie lacks the key
     * @throws TrieProofException when the proof shows neither
     */
    public static Optional<Bytes> verify(Bytes root, Bytes key, List<Bytes> proofNodes) {
        return new TrieProofWalk(key, proofNodes).from(root);
    }

    private static List<Entry> sorted(Map<Bytes, Bytes> entries) {
        return entries.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(entry -> new Entry(Nibbles.of(entry.getKey()), entry.getValue()))
                .sorted((a, b) -> Arrays.compare(a.path(), b.path()))
                .toList();
    }

    private static Item node(List<Entry> entries, int depth) {
        Entry first = entries.getFirst();
        if (entries.size() == 1) {
            Bytes rest = Nibbles.encode(first.path(), depth, first.path().length, true);
            return Rlp.list(Rlp.text(rest), Rlp.text(first.value()));
        }
        int shared = shared(entries, depth);
        if (shared == depth) {
            return branch(entries, depth);
        }
        Bytes step = Nibbles.encode(first.path(), depth, shared, false);
        return Rlp.list(Rlp.text(step), reference(branch(entries, shared)));
    }

    private static Item branch(List<Entry> entries, int depth) {
        Item[] children = new Item[BRANCH + 1];
        Arrays.fill(children, Rlp.text(Bytes.EMPTY));
        int from = 0;
        if (entries.getFirst().path().length == depth) {
            children[BRANCH] = Rlp.text(entries.getFirst().value());
            from = 1;
        }
        while (from < entries.size()) {
            int nibble = entries.get(from).path()[depth];
            int to = from + 1;
            while (to < entries.size() && entries.get(to).path()[depth] == nibble) {
                to++;
            }
            children[nibble] = reference(node(entries.subList(from, to), depth + 1));
            from = to;
        }
        return Rlp.list(children);
    }

    /** A node inside its parent: itself when its encoding is shorter than a hash, else the hash. */
    private static Item reference(Item node) {
        Bytes encoded = Rlp.encode(node);
        return encoded.length() < 32 ? node : Rlp.text(Hashes.keccak256(encoded));
    }

    /** Up to where all paths agree; sorted, so the first and the last decide. */
    private static int shared(List<Entry> entries, int depth) {
        byte[] first = entries.getFirst().path();
        byte[] last = entries.getLast().path();
        int at = depth;
        while (at < first.length && at < last.length && first[at] == last[at]) {
            at++;
        }
        return at;
    }

    private static boolean matches(byte[] path, byte[] other, int from, int to) {
        return path.length >= to && Arrays.equals(path, from, to, other, from, to);
    }
}
