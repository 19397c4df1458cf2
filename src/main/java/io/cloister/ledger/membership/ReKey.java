package io.cloister.ledger.membership;

import io.cloister.attestation.Evidence;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Purpose;
import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Point;
import io.cloister.crypto.Signature;
import io.cloister.crypto.SigningKey;
import java.util.List;

/**
 * New boot keys of a slot with evidence, signed by its slot key. The transaction's sender is the new vote key, so both
 * keys have signed. The evidence's leaf names a certified block, so evidence of an earlier boot or another chain does not
 * serve.
 *
 * @param height of the certified block that the leaf names
 * @param blockId of that block
 */
public record ReKey(int slot, long height, Bytes blockId, Evidence evidence, Signature slotSignature) {
    public static Leaf leaf(String chainId, int slot, long height, Bytes blockId) {
        return new Leaf(
                Purpose.RE_KEY,
                List.of(
                        Bytes.utf8(chainId),
                        new Writer().u16(slot).toBytes(),
                        new Writer().u64(height).toBytes(),
                        blockId));
    }

    public static ReKey sign(SigningKey slotKey, int slot, long height, Bytes blockId, Evidence evidence) {
        return new ReKey(slot, height, blockId, evidence, slotKey.sign(digest(slot, height, blockId, evidence)));
    }

    boolean isSignedBy(Bytes nodeId) {
        return Ecdsa.verify(Point.decode(nodeId), digest(slot, height, blockId, evidence), slotSignature);
    }

    public Bytes encode() {
        return unsigned(slot, height, blockId, evidence)
                .fixed(slotSignature.recoverable())
                .toBytes();
    }

    public static ReKey decode(Bytes body) {
        Reader in = new Reader(body);
        ReKey reKey = new ReKey(
                in.u16(),
                in.u64(),
                in.fixed(32),
                Evidence.decode(in.bytes(Evidence.MAX_SIZE)),
                Signature.decodeRecoverable(in.fixed(65)));
        in.end();
        return reKey;
    }

    private static Bytes digest(int slot, long height, Bytes blockId, Evidence evidence) {
        return Hashes.sha256(
                Bytes.utf8("cloister/re-key/v1"),
                unsigned(slot, height, blockId, evidence).toBytes());
    }

    private static Writer unsigned(int slot, long height, Bytes blockId, Evidence evidence) {
        return new Writer().u16(slot).u64(height).fixed(blockId).bytes(evidence.encode());
    }
}
