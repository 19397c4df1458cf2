package io.cloister.ledger.state;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.ledger.state.Node.Fork;
import io.cloister.ledger.state.Node.Leaf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One version of the state: an immutable ordered map with a root hash over all of it. Changing it gives another version
 * that shares the untouched part. A tree with the same content has the same root, in whatever order it was made.
 */
public final class StateTree {
    public static final StateTree EMPTY = new StateTree(null);
    private static final Bytes EMPTY_ROOT = Hashes.sha256(Bytes.utf8("cloister/state/v1/empty"));

    private final @Nullable Node root;

    private StateTree(@Nullable Node root) {
        this.root = root;
    }

    public static StateTree of(Map<Bytes, Bytes> content) {
        StateTree tree = EMPTY;
        for (var entry : content.entrySet()) {
            tree = tree.put(entry.getKey(), entry.getValue());
        }
        return tree;
    }

    /** 32 bytes over all keys and values. */
    public Bytes root() {
        return root == null ? EMPTY_ROOT : root.hash();
    }

    public Optional<Bytes> get(Bytes key) {
        Leaf leaf = nearest(key);
        return leaf != null && leaf.key.equals(key) ? Optional.of(leaf.value) : Optional.empty();
    }

    public StateTree put(Bytes key, Bytes value) {
        Leaf leaf = new Leaf(key, value);
        Leaf near = nearest(key);
        if (near == null) {
            return new StateTree(leaf);
        }
        if (near.key.equals(key)) {
            return near.value.equals(value) ? this : new StateTree(replace(root, leaf));
        }
        return new StateTree(insert(root, leaf, KeyBits.firstDifference(near.key, key)));
    }

    public StateTree remove(Bytes key) {
        return get(key).isEmpty() ? this : new StateTree(without(root, key));
    }

    /** The first {@code limit} entries whose keys begin with the prefix, in the order of keys. */
    public SortedMap<Bytes, Bytes> scan(Bytes prefix, int limit) {
        SortedMap<Bytes, Bytes> found = new TreeMap<>();
        Node node = root;
        while (node instanceof Fork fork && fork.bit < prefix.length() * 9) {
            node = KeyBits.isSet(prefix, fork.bit) ? fork.right : fork.left;
        }
        collect(node, prefix, limit, found);
        return found;
    }

    /** A proof that the key has the value it has under {@link #root()}; empty when the key is not there. */
    public Optional<StateProof> prove(Bytes key) {
        Optional<Bytes> value = get(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        List<StateProof.Step> steps = new ArrayList<>();
        Node node = root;
        while (node instanceof Fork fork) {
            boolean right = KeyBits.isSet(key, fork.bit);
            steps.addFirst(new StateProof.Step(fork.bit, (right ? fork.left : fork.right).hash()));
            node = right ? fork.right : fork.left;
        }
        return Optional.of(new StateProof(key, value.get(), steps));
    }

    /**
     * The entries from a key on, in the order of keys, until so many bytes are full, at least one; with what proves them
     * against {@link #root()}. Empty when there are none.
     *
     * @param maxBytes of keys and values; at most half of {@link StateChunk#MAX_BYTES}
     */
    public Optional<StateChunk> chunk(Bytes from, int maxBytes) {
        if (maxBytes < 1 || maxBytes > StateChunk.MAX_BYTES / 2) {
            throw new IllegalArgumentException("chunks of " + maxBytes + " bytes");
        }
        if (root == null) {
            return Optional.empty();
        }
        Pruned cut = new ChunkCutter(from, maxBytes).cut(root);
        return cut instanceof Pruned.Stub ? Optional.empty() : Optional.of(new StateChunk(cut));
    }

    /** Chunks that together are the whole state, each as {@link #chunk} gives it from where the one before ended. */
    public Stream<StateChunk> chunks(int maxBytes) {
        return Stream.iterate(
                        chunk(Bytes.EMPTY, maxBytes),
                        Optional::isPresent,
                        before -> before.flatMap(StateChunk::next).flatMap(from -> chunk(from, maxBytes)))
                .map(Optional::get);
    }

    /** A tree with this node as its root. */
    static StateTree of(Node root) {
        return new StateTree(root);
    }

    private static void collect(@Nullable Node node, Bytes prefix, int limit, SortedMap<Bytes, Bytes> found) {
        if (found.size() >= limit) {
            return;
        }
        switch (node) {
            case null -> {}
            case Leaf leaf -> {
                if (leaf.key.startsWith(prefix)) {
                    found.put(leaf.key, leaf.value);
                }
            }
            case Fork fork -> {
                collect(fork.left, prefix, limit, found);
                collect(fork.right, prefix, limit, found);
            }
        }
    }

    private @Nullable Leaf nearest(Bytes key) {
        Node node = root;
        while (node instanceof Fork fork) {
            node = KeyBits.isSet(key, fork.bit) ? fork.right : fork.left;
        }
        return (Leaf) node;
    }

    private static Node replace(@Nullable Node node, Leaf leaf) {
        if (!(node instanceof Fork fork)) {
            return leaf;
        }
        return KeyBits.isSet(leaf.key, fork.bit)
                ? new Fork(fork.bit, fork.left, replace(fork.right, leaf))
                : new Fork(fork.bit, replace(fork.left, leaf), fork.right);
    }

    private static Node insert(@Nullable Node node, Leaf leaf, int bit) {
        if (node instanceof Fork fork && fork.bit < bit) {
            return KeyBits.isSet(leaf.key, fork.bit)
                    ? new Fork(fork.bit, fork.left, insert(fork.right, leaf, bit))
                    : new Fork(fork.bit, insert(fork.left, leaf, bit), fork.right);
        }
        if (node == null) {
            return leaf;
        }
        return KeyBits.isSet(leaf.key, bit) ? new Fork(bit, node, leaf) : new Fork(bit, leaf, node);
    }

    private static @Nullable Node without(@Nullable Node node, Bytes key) {
        if (!(node instanceof Fork fork)) {
            return null;
        }
        if (KeyBits.isSet(key, fork.bit)) {
            Node right = without(fork.right, key);
            return right == null ? fork.left : new Fork(fork.bit, fork.left, right);
        }
        Node left = without(fork.left, key);
        return left == null ? fork.right : new Fork(fork.bit, left, fork.right);
    }
}
