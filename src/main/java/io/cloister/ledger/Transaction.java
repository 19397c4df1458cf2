package io.cloister.ledger;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Point;
import io.cloister.crypto.Signature;
import io.cloister.crypto.SigningKey;

/**
 * A signed instruction to one module.
 *
 * @param validUntil last height at which it may stand in a block; bounds how long its hash is remembered
 * @param sender 33-byte vote key of a validator
 */
public record Transaction(
        String chainId, int module, int kind, long validUntil, Bytes sender, Bytes body, Signature signature) {
    /** Bytes of the longest body. */
    public static final int MAX_BODY = 240 * 1024;

    private static final String LABEL = "cloister/transaction/v1";

    public static Transaction sign(SigningKey key, String chainId, int module, int kind, long validUntil, Bytes body) {
        Bytes sender = key.publicKey().encode();
        Bytes digest = digest(chainId, module, kind, validUntil, sender, body);
        return new Transaction(chainId, module, kind, validUntil, sender, body, key.sign(digest));
    }

    public boolean isSigned() {
        return Ecdsa.verify(Point.decode(sender), digest(chainId, module, kind, validUntil, sender, body), signature);
    }

    /**
     * What names the transaction: the hash of all of it but the signature, so that nobody can give it a second
     * name.
     */
    public Bytes hash() {
        return digest(chainId, module, kind, validUntil, sender, body);
    }

    public Bytes encode() {
        return unsigned(chainId, module, kind, validUntil, sender, body)
                .fixed(signature.recoverable())
                .toBytes();
    }

    public static Transaction decode(Bytes encoded) {
        Reader in = new Reader(encoded);
        Labels.expect(in, LABEL);
        Transaction transaction = new Transaction(
                in.string(64),
                in.u8(),
                in.u8(),
                in.u64(),
                in.fixed(33),
                in.bytes(MAX_BODY),
                Signature.decodeRecoverable(in.fixed(65)));
        in.end();
        return transaction;
    }

    private static Bytes digest(String chainId, int module, int kind, long validUntil, Bytes sender, Bytes body) {
        return Hashes.sha256(
                unsigned(chainId, module, kind, validUntil, sender, body).toBytes());
    }

    private static Writer unsigned(String chainId, int module, int kind, long validUntil, Bytes sender, Bytes body) {
        return new Writer()
                .string(LABEL)
                .string(chainId)
                .u8(module)
                .u8(kind)
                .u64(validUntil)
                .fixed(sender)
                .bytes(body);
    }
}
