package io.cloister.attestation;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.MerkleTree;
import java.util.Optional;

/** The one layout of REPORT_DATA: SHA-512("cloister/report/v1" || H(boot key set) || root of the leaves). */
public final class ReportData {
    /** Bytes of REPORT_DATA. */
    public static final int SIZE = 64;

    private static final Bytes LABEL = Bytes.utf8("cloister/report/v1");

    private ReportData() {}

    /**
     * What a report must hold to vouch for these keys and leaves.
     *
     * @param root RFC 6962 root over the leaves' contents, 32 bytes
     */
    public static Bytes of(BootKeySet keys, Bytes root) {
        return Hashes.sha512(LABEL, keys.hash(), root);
    }

    /** What the report of this evidence must hold, empty when the path is of an impossible shape. */
    static Optional<Bytes> expected(Evidence evidence) {
        return rootOf(evidence.path(), evidence.leaf().hash()).map(root -> of(evidence.keys(), root));
    }

    /** The root that a path leads to (RFC 9162 section 2.1.3.2); evidence carries no root of its own. */
    private static Optional<Bytes> rootOf(MerkleTree.Path path, Bytes leafHash) {
        long position = path.index();
        long last = path.size() - 1;
        Bytes hash = leafHash;
        for (Bytes sibling : path.siblings()) {
            if (last == 0) {
                return Optional.empty();
            }
            if ((position & 1) == 1 || position == last) {
                hash = MerkleTree.nodeHash(sibling, hash);
                int levels = Long.numberOfTrailingZeros(position);
                position >>= levels; // the last node of a level climbs alone until it is a right child
                last >>= levels;
            } else {
                hash = MerkleTree.nodeHash(hash, sibling);
            }
            position >>= 1;
            last >>= 1;
        }
        return last == 0 ? Optional.of(hash) : Optional.empty();
    }
}
