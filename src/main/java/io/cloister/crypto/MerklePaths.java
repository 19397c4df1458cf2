package io.cloister.crypto;

import io.cloister.codec.Bytes;
import java.util.ArrayList;
import java.util.List;

/** A whole {@link MerkleTree}, kept so that the paths of many leaves cost no further hashing. */
public final class MerklePaths {
    private final List<List<Bytes>> levels = new ArrayList<>();

    /** @param leaves at least one, not hashed yet */
    public MerklePaths(List<Bytes> leaves) {
        if (leaves.isEmpty()) {
            throw new IllegalArgumentException("a tree without leaves has no paths");
        }
        List<Bytes> level = leaves.stream().map(MerkleTree::leafHash).toList();
        levels.add(level);
        while (level.size() > 1) {
            level = above(level);
            levels.add(level);
        }
    }

    /** Pairs from the left; a last one without a partner goes up as it is. This gives the splits of RFC 6962. */
    private static List<Bytes> above(List<Bytes> level) {
        List<Bytes> next = new ArrayList<>((level.size() + 1) / 2);
        for (int i = 0; i + 1 < level.size(); i += 2) {
            next.add(MerkleTree.nodeHash(level.get(i), level.get(i + 1)));
        }
        if (level.size() % 2 == 1) {
            next.add(level.getLast());
        }
        return next;
    }

    public Bytes root() {
        return levels.getLast().getFirst();
    }

    /**
     * The inclusion path of one leaf.
     *
     * @throws IndexOutOfBoundsException when there is no such leaf
     */
    public MerkleTree.Path path(int index) {
        List<Bytes> siblings = new ArrayList<>(levels.size());
        int at = index;
        for (List<Bytes> level : levels.subList(0, levels.size() - 1)) {
            int sibling = at ^ 1;
            if (sibling < level.size()) {
                siblings.add(level.get(sibling));
            }
            at >>= 1;
        }
        return new MerkleTree.Path(index, levels.getFirst().size(), siblings);
    }
}
