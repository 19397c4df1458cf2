package io.cloister.crypto;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * Merkle trees of RFC 6962 section 2.1 over SHA-256: a leaf is H(0x00 || leaf), a node H(0x01 || left || right), a list
 * of n splits at the largest power of two below n, and the root of no leaves is H("").
 */
public final class MerkleTree {
    private static final Bytes LEAF = Bytes.of((byte) 0x00);
    private static final Bytes NODE = Bytes.of((byte) 0x01);

    private MerkleTree() {}

    public static Bytes leafHash(Bytes leaf) {
        return Hashes.sha256(LEAF, leaf);
    }

    public static Bytes nodeHash(Bytes left, Bytes right) {
        return Hashes.sha256(NODE, left, right);
    }

    public static Bytes root(List<Bytes> leaves) {
        MessageDigest sha = Hashes.newSha256();
        byte[][] level = new byte[leaves.size()][];
        for (int i = 0; i < level.length; i++) {
            sha.update((byte) 0x00);
            leaves.get(i).update(sha);
            level[i] = sha.digest();
        }
        return root(sha, level);
    }

    /** The root over leaves that are already hashed with {@link #leafHash}. */
    public static Bytes rootOfHashes(List<Bytes> leafHashes) {
        byte[][] level = new byte[leafHashes.size()][];
        for (int i = 0; i < level.length; i++) {
            level[i] = leafHashes.get(i).toArray();
        }
        return root(Hashes.newSha256(), level);
    }

    /**
     * Level by level: pairs from the left, and a last one without a partner goes up as it is. This gives the splits at
     * powers of two.
     */
    private static Bytes root(MessageDigest sha, byte[][] level) {
        if (level.length == 0) {
            return Hashes.sha256();
        }
        int size = level.length;
        while (size > 1) {
            int pairs = size / 2;
            for (int i = 0; i < pairs; i++) {
                sha.update((byte) 0x01);
                sha.update(level[2 * i]);
                sha.update(level[2 * i + 1]);
                level[i] = sha.digest();
            }
            if (size % 2 == 1) {
                level[pairs] = level[size - 1];
            }
            size = pairs + size % 2;
        }
        return Bytes.wrap(level[0]);
    }

    /**
     * The inclusion path of one leaf.
     *
     * @throws IndexOutOfBoundsException when there is no such leaf
     */
    public static Path path(List<Bytes> leaves, int index) {
        return pathOfHashes(leaves.stream().map(MerkleTree::leafHash).toList(), index);
    }

    /** The inclusion path of one leaf among leaves that are already hashed. */
    public static Path pathOfHashes(List<Bytes> leafHashes, int index) {
        if (index < 0 || index >= leafHashes.size()) {
            throw new IndexOutOfBoundsException("no leaf " + index + " of " + leafHashes.size());
        }
        List<Bytes> siblings = new ArrayList<>();
        collect(leafHashes, index, siblings);
        return new Path(index, leafHashes.size(), siblings);
    }

    private static void collect(List<Bytes> hashes, int index, List<Bytes> siblings) {
        int size = hashes.size();
        if (size == 1) {
            return;
        }
        int left = Integer.highestOneBit(size - 1);
        if (index < left) {
            collect(hashes.subList(0, left), index, siblings);
            siblings.add(rootOfHashes(hashes.subList(left, size)));
        } else {
            collect(hashes.subList(left, size), index - left, siblings);
            siblings.add(rootOfHashes(hashes.subList(0, left)));
        }
    }

    /**
     * The siblings from a leaf up to the root (RFC 6962 section 2.1.1).
     *
     * @param index position of the leaf, from 0
     * @param size number of leaves
     * @param siblings hashes of 32 bytes, the one beside the leaf first
     */
    public record Path(long index, long size, List<Bytes> siblings) {
        private static final int MAX_DEPTH = 63;

        public Path {
            if (index < 0 || index >= size) {
                throw new CodecException(Reason.OUT_OF_RANGE, "no leaf " + index + " of " + size);
            }
            if (siblings.size() > MAX_DEPTH) {
                throw new CodecException(Reason.TOO_LONG, siblings.size() + " siblings");
            }
            for (Bytes sibling : siblings) {
                if (sibling.length() != 32) {
                    throw new CodecException(Reason.OUT_OF_RANGE, "a sibling of " + sibling.length() + " bytes");
                }
            }
            siblings = List.copyOf(siblings);
        }

        /** Whether this path leads from the leaf's bytes to the root. */
        public boolean proves(Bytes leaf, Bytes root) {
            return provesHash(leafHash(leaf), root);
        }

        /** Whether this path leads from a hashed leaf to the root (RFC 9162 section 2.1.3.2). */
        public boolean provesHash(Bytes leafHash, Bytes root) {
            long position = index;
            long last = size - 1;
            Bytes hash = leafHash;
            for (Bytes sibling : siblings) {
                if (last == 0) {
                    return false;
                }
                if ((position & 1) == 1 || position == last) {
                    hash = nodeHash(sibling, hash);
                    while ((position & 1) == 0 && position != 0) {
                        position >>= 1;
                        last >>= 1;
                    }
                } else {
                    hash = nodeHash(hash, sibling);
                }
                position >>= 1;
                last >>= 1;
            }
            return last == 0 && hash.equals(root);
        }

        public void encode(Writer writer) {
            writer.u64(index).u64(size).list(siblings, Writer::fixed);
        }

        public static Path decode(Reader reader) {
            return new Path(reader.u64(), reader.u64(), reader.list(MAX_DEPTH, r -> r.fixed(32)));
        }
    }
}
