package io.cloister.mpc.dealing;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.MerkleTree;
import java.util.ArrayList;
import java.util.List;

/** The tree whose root is a dealing's id: leaf 0 is the commitments part, leaf j the ciphertext of slot j. */
final class DealingTree {
    private static final String PUBLIC = "cloister/mpc/dealing/public/v1";
    private static final String CIPHERTEXT = "cloister/mpc/dealing/ciphertext/v1";

    private DealingTree() {}

    static Bytes publicLeaf(Bytes publicPart) {
        return new Writer().string(PUBLIC).bytes(publicPart).toBytes();
    }

    static Bytes cipherLeaf(int slot, Bytes ciphertext) {
        return new Writer().string(CIPHERTEXT).u16(slot).bytes(ciphertext).toBytes();
    }

    static List<Bytes> leafHashes(Bytes publicPart, List<Bytes> ciphertexts) {
        List<Bytes> hashes = new ArrayList<>();
        hashes.add(MerkleTree.leafHash(publicLeaf(publicPart)));
        for (int j = 1; j <= ciphertexts.size(); j++) {
            hashes.add(MerkleTree.leafHash(cipherLeaf(j, ciphertexts.get(j - 1))));
        }
        return hashes;
    }

    static boolean proves(MerkleTree.Path path, int index, int receivers, Bytes leaf, Bytes dealingId) {
        return path.index() == index && path.size() == receivers + 1 && path.proves(leaf, dealingId);
    }
}
