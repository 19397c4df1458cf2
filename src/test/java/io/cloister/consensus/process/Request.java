package io.cloister.consensus.process;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.SigningKey;

/**
 * A client's signed request: 33 key · u64 sequence · payload · 64 signature r || s over SHA-256 of the domain and all
 * before it.
 *
 * @param sequence strictly rising for each key
 */
public record Request(Bytes key, long sequence, Bytes digest, Bytes signature) {
    private static final Bytes DOMAIN = Bytes.utf8("cloister/process/request/v1");
    private static final int FRONT = 33 + Long.BYTES;
    private static final int SIGNATURE = 64;

    /** A request of this key. */
    public static Bytes sign(SigningKey key, long sequence, Bytes payload) {
        Bytes signed = new Writer(FRONT + payload.length())
                .fixed(key.id())
                .u64(sequence)
                .fixed(payload)
                .toBytes();
        return Bytes.concat(signed, key.sign(Hashes.sha256(DOMAIN, signed)).compact());
    }

    /** @throws CodecException when the bytes are too few to be one */
    static Request decode(Bytes transaction) {
        int front = transaction.length() - SIGNATURE;
        if (front < FRONT) {
            throw new CodecException(Reason.TRUNCATED, "a request of " + transaction.length() + " bytes");
        }
        return new Request(
                transaction.slice(0, 33),
                sequence(transaction),
                Hashes.sha256(DOMAIN, transaction.slice(0, front)),
                transaction.slice(front, SIGNATURE));
    }

    static Bytes key(Bytes transaction) {
        return transaction.slice(0, 33);
    }

    static long sequence(Bytes transaction) {
        long value = 0;
        for (int i = 33; i < FRONT; i++) {
            value = value << 8 | transaction.at(i) & 0xff;
        }
        return value;
    }
}
