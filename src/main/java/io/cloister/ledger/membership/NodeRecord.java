package io.cloister.ledger.membership;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Point;
import io.cloister.crypto.Signature;
import io.cloister.crypto.SigningKey;

/**
 * What a node says of itself to found or join a committee, signed by its slot key.
 *
 * @param nodeId 33-byte slot key
 * @param voteKey 33-byte key of its votes and transactions
 * @param epochKey 33-byte share-encryption key of the epoch
 * @param host where its channel listens
 */
public record NodeRecord(
        String chainId, Bytes nodeId, Bytes voteKey, Bytes epochKey, String host, int port, Signature signature) {
    /** Bytes of an encoding, at most. */
    static final int MAX_SIZE = 1_024;

    private static final String LABEL = "cloister/node-record/v1";

    public static NodeRecord sign(
            SigningKey slotKey, String chainId, Bytes voteKey, Bytes epochKey, String host, int port) {
        Bytes nodeId = slotKey.id();
        Writer unsigned = unsigned(chainId, nodeId, voteKey, epochKey, host, port);
        return new NodeRecord(
                chainId, nodeId, voteKey, epochKey, host, port, slotKey.sign(Hashes.sha256(unsigned.toBytes())));
    }

    public boolean isSigned() {
        Bytes unsigned =
                unsigned(chainId, nodeId, voteKey, epochKey, host, port).toBytes();
        return Ecdsa.verify(Point.decode(nodeId), Hashes.sha256(unsigned), signature);
    }

    public Bytes encode() {
        return unsigned(chainId, nodeId, voteKey, epochKey, host, port)
                .fixed(signature.recoverable())
                .toBytes();
    }

    public static NodeRecord decode(Bytes encoded) {
        Reader in = new Reader(encoded);
        if (!in.string(64).equals(LABEL)) {
            throw new CodecException(Reason.UNKNOWN, "not a " + LABEL);
        }
        NodeRecord record = new NodeRecord(
                in.string(64),
                in.fixed(33),
                in.fixed(33),
                in.fixed(33),
                in.string(255),
                in.u16(),
                Signature.decodeRecoverable(in.fixed(65)));
        in.end();
        return record;
    }

    private static Writer unsigned(String chainId, Bytes nodeId, Bytes voteKey, Bytes epochKey, String host, int port) {
        return new Writer()
                .string(LABEL)
                .string(chainId)
                .fixed(nodeId)
                .fixed(voteKey)
                .fixed(epochKey)
                .string(host)
                .u16(port);
    }
}
