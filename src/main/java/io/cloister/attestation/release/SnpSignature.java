package io.cloister.attestation.release;

import io.cloister.attestation.snp.SignatureProvider;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Writer;
import java.math.BigInteger;
import org.bouncycastle.crypto.ec.CustomNamedCurves;

/**
 * An ECDSA signature on P-384 with SHA-384 in the form of ID authentication information: r and s in 72 bytes each,
 * little endian, zeros up to 512 bytes. The firmware takes s and n - s alike, so these bytes identify nothing.
 *
 * @param r 48 bytes, big endian, 1 to n - 1
 * @param s likewise
 */
public record SnpSignature(Bytes r, Bytes s) {
    /** Bytes of the encoding. */
    public static final int SIZE = 512;

    private static final int NUMBER_SIZE = 72;
    private static final int SIGNIFICANT = 48;
    private static final BigInteger ORDER = CustomNamedCurves.getByName("P-384").getN();

    public SnpSignature {
        requireInRange(r);
        requireInRange(s);
    }

    private static void requireInRange(Bytes number) {
        BigInteger value = new BigInteger(1, number.toArray());
        if (number.length() != SIGNIFICANT || value.signum() == 0 || value.compareTo(ORDER) >= 0) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a number of the signature is not within the group's order");
        }
    }

    static SnpSignature of(BigInteger r, BigInteger s) {
        return new SnpSignature(bytes(r), bytes(s));
    }

    private static Bytes bytes(BigInteger number) {
        return new Writer().bigUint(number, SIGNIFICANT).toBytes();
    }

    /** Reads 512 bytes. */
    public static SnpSignature decode(Bytes encoded) {
        if (encoded.length() != SIZE) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a signature of " + encoded.length() + " bytes");
        }
        Little.requireZero(encoded, SIGNIFICANT, NUMBER_SIZE);
        Little.requireZero(encoded, NUMBER_SIZE + SIGNIFICANT, SIZE);
        return new SnpSignature(
                encoded.slice(0, SIGNIFICANT).reversed(),
                encoded.slice(NUMBER_SIZE, SIGNIFICANT).reversed());
    }

    public Bytes encode() {
        byte[] encoded = new byte[SIZE];
        r.reversed().copyTo(0, encoded, 0, SIGNIFICANT);
        s.reversed().copyTo(0, encoded, NUMBER_SIZE, SIGNIFICANT);
        return Bytes.wrap(encoded);
    }

    /** Whether this is the key's signature over the message. */
    public boolean verifies(SnpPublicKey key, Bytes message) {
        return SignatureProvider.best().verifyP384(key.info(), message, r, s);
    }
}
