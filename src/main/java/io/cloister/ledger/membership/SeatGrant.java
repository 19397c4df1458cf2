package io.cloister.ledger.membership;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Point;
import io.cloister.crypto.Signature;
import io.cloister.crypto.SigningKey;

/**
 * An operator gives a slot to a node. Each grant and each leave of a slot has a higher number than those before, so that none
 * counts twice and a later one makes earlier ones void.
 *
 * @param replaces whether the node takes the place of the slot's member; else the slot has none
 * @param nodeId 33-byte slot key of the node
 * @param number higher than that of any earlier order for the slot
 * @param validUntil last height at which the node may join by it
 * @param operator 33-byte operator key
 */
public record SeatGrant(
        boolean replaces, int slot, Bytes nodeId, long number, long validUntil, Bytes operator, Signature signature) {
    private static final String LABEL = "cloister/seat-grant/v1";

    /** Bytes of an encoding. */
    static final int SIZE = 1 + 2 + 33 + 8 + 8 + 33 + 65;

    public static SeatGrant sign(
            SigningKey operator,
            String chainId,
            boolean replaces,
            int slot,
            Bytes nodeId,
            long number,
            long validUntil) {
        Bytes digest = digest(chainId, unsigned(replaces, slot, nodeId, number, validUntil, operator.id()));
        return new SeatGrant(replaces, slot, nodeId, number, validUntil, operator.id(), operator.sign(digest));
    }

    /** @throws CodecException when the operator's key is no point of the curve */
    public boolean isSigned(String chainId) {
        Bytes digest = digest(chainId, unsigned(replaces, slot, nodeId, number, validUntil, operator));
        return Ecdsa.verify(Point.decode(operator), digest, signature);
    }

    public Bytes encode() {
        return unsigned(replaces, slot, nodeId, number, validUntil, operator)
                .fixed(signature.recoverable())
                .toBytes();
    }

    public static SeatGrant decode(Bytes encoded) {
        Reader in = new Reader(encoded);
        SeatGrant grant = new SeatGrant(
                in.bool(),
                in.u16(),
                in.fixed(33),
                in.u64(),
                in.u64(),
                in.fixed(33),
                Signature.decodeRecoverable(in.fixed(65)));
        in.end();
        return grant;
    }

    private static Bytes digest(String chainId, Writer unsigned) {
        return Hashes.sha256(new Writer()
                .string(LABEL)
                .string(chainId)
                .fixed(unsigned.toBytes())
                .toBytes());
    }

    private static Writer unsigned(
            boolean replaces, int slot, Bytes nodeId, long number, long validUntil, Bytes operator) {
        return new Writer()
                .bool(replaces)
                .u16(slot)
                .fixed(nodeId)
                .u64(number)
                .u64(validUntil)
                .fixed(operator);
    }
}
