package io.cloister.codec.ethereum;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.ethereum.Rlp.Item;
import io.cloister.codec.ethereum.Rlp.Items;
import io.cloister.codec.ethereum.Rlp.Limits;
import io.cloister.codec.ethereum.Rlp.Text;
import io.cloister.codec.ethereum.TrieProofException.Reason;
import io.cloister.crypto.Hashes;
import java.util.List;
import java.util.Optional;

/** One walk from a root to a key along the nodes of a proof, which must be used up in order. */
final class TrieProofWalk {
    private static final Limits NODE_LIMITS = new Limits(1 << 20, 32, 1024);
    private static final int BRANCH_ITEMS = 17;

    private final byte[] path;
    private final List<Bytes> nodes;
    private int used;
    private int depth;

    TrieProofWalk(Bytes key, List<Bytes> nodes) {
        this.path = Nibbles.of(key);
        this.nodes = nodes;
    }

    Optional<Bytes> from(Bytes root) {
        if (root.equals(MerklePatriciaTrie.EMPTY_ROOT)) {
            boolean emptyNode = nodes.equals(List.of(Bytes.of((byte) 0x80)));
            used = emptyNode ? 1 : 0;
            return finish(Optional.empty());
        }
        return follow(new Text(root));
    }

    private Optional<Bytes> follow(Item start) {
        Item reference = start;
        while (true) {
            if (reference instanceof Text(Bytes bytes) && bytes.isEmpty()) {
                return finish(Optional.empty());
            }
            List<Item> node = resolve(reference);
            if (node.size() == BRANCH_ITEMS) {
                if (depth == path.length) {
                    Bytes value = text(node.get(BRANCH_ITEMS - 1));
                    return finish(value.isEmpty() ? Optional.empty() : Optional.of(value));
                }
                reference = node.get(path[depth++]);
                continue;
            }
            byte[] step = Nibbles.of(text(node.getFirst()));
            boolean leaf = isLeaf(step);
            int length = step.length - stepStart(step);
            boolean matches = stepMatches(step, length);
            if (leaf) {
                Bytes value = text(node.get(1));
                if (value.isEmpty()) {
                    throw malformed("a leaf without value");
                }
                return finish(matches && depth + length == path.length ? Optional.of(value) : Optional.empty());
            }
            if (length == 0) {
                throw malformed("an extension without path");
            }
            if (!matches) {
                return finish(Optional.empty());
            }
            depth += length;
            reference = node.get(1);
            if (reference instanceof Text(Bytes bytes) && bytes.isEmpty()) {
                throw malformed("an extension to nowhere");
            }
        }
    }

    private List<Item> resolve(Item reference) {
        List<Item> items = switch (reference) {
            case Items(List<Item> embedded) -> {
                if (Rlp.encode(reference).length() >= 32) {
                    throw malformed("an embedded node as long as a hash");
                }
                yield embedded;
            }
            case Text(Bytes hash) -> decode(next(hash));
        };
        if (items.size() != BRANCH_ITEMS && items.size() != 2) {
            throw malformed("a node of " + items.size() + " items");
        }
        return items;
    }

    private Bytes next(Bytes hash) {
        if (hash.length() != 32) {
            throw malformed("a reference of " + hash.length() + " bytes");
        }
        if (used == nodes.size()) {
            throw new TrieProofException(Reason.MISSING_NODE, "the proof ends before the path does");
        }
        Bytes node = nodes.get(used++);
        if (!Hashes.keccak256(node).equals(hash)) {
            throw new TrieProofException(Reason.WRONG_HASH, "node " + (used - 1) + " has another hash");
        }
        return node;
    }

    private static List<Item> decode(Bytes node) {
        try {
            return Rlp.decode(node, NODE_LIMITS).asList();
        } catch (CodecException e) {
            throw new TrieProofException(Reason.MALFORMED_NODE, "a node is no RLP list", e);
        }
    }

    private static boolean isLeaf(byte[] step) {
        if (step.length == 0 || step[0] > 3 || (step[0] & 1) == 0 && step[1] != 0) {
            throw malformed("a path without hex prefix");
        }
        return step[0] >= 2;
    }

    private static int stepStart(byte[] step) {
        return (step[0] & 1) == 1 ? 1 : 2;
    }

    private boolean stepMatches(byte[] step, int length) {
        if (path.length - depth < length) {
            return false;
        }
        int start = stepStart(step);
        for (int i = 0; i < length; i++) {
            if (step[start + i] != path[depth + i]) {
                return false;
            }
        }
        return true;
    }

    private static Bytes text(Item item) {
        if (item instanceof Text(Bytes bytes)) {
            return bytes;
        }
        throw malformed("a list where a path or value is expected");
    }

    private Optional<Bytes> finish(Optional<Bytes> result) {
        if (used != nodes.size()) {
            throw new TrieProofException(Reason.SURPLUS_NODE, (nodes.size() - used) + " nodes beyond the path");
        }
        return result;
    }

    private static TrieProofException malformed(String message) {
        return new TrieProofException(Reason.MALFORMED_NODE, message);
    }
}
