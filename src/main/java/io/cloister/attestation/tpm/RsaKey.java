package io.cloister.attestation.tpm;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.Hashes;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;

/**
 * The public half of an RSA attestation key: 2048 to 4096 bits, exponent 65537.
 *
 * @param modulus big endian, without leading zero bytes
 */
public record RsaKey(Bytes modulus) {
    static final int MAX_SIZE = 512;
    private static final int MIN_SIZE = 256;
    private static final BigInteger EXPONENT = BigInteger.valueOf(65_537);

    /** DER of DigestInfo in front of a SHA-256 digest (RFC 8017, 9.2, note 1). */
    private static final Bytes SHA256_DIGEST_INFO = Bytes.hex("3031300d060960864801650304020105000420");

    /** @throws CodecException OUT_OF_RANGE for a modulus that is even or of another size */
    public RsaKey {
        if (modulus.length() < MIN_SIZE
                || modulus.length() > MAX_SIZE
                || modulus.at(0) >= 0
                || (modulus.at(modulus.length() - 1) & 1) == 0) {
            throw new CodecException(Reason.OUT_OF_RANGE, "not an RSA modulus of 2048 to 4096 bits");
        }
    }

    /** @throws CodecException OUT_OF_RANGE for a modulus that cannot be used */
    static RsaKey of(RSAPublicKey key) {
        byte[] modulus = key.getModulus().toByteArray();
        Bytes unsigned = Bytes.wrap(modulus);
        return new RsaKey(modulus[0] == 0 ? unsigned.slice(1, unsigned.length() - 1) : unsigned);
    }

    /**
     * Checks RSASSA-PKCS1-v1_5 with SHA-256 by encoding anew and comparing whole (RFC 8017, 8.2.2), so no byte of the
     * padding goes unread. False for a signature of any other length than the modulus.
     */
    public boolean signed(Bytes message, Bytes signature) {
        if (signature.length() != modulus.length()) {
            return false;
        }
        BigInteger number = new BigInteger(1, signature.toArray());
        BigInteger n = new BigInteger(1, modulus.toArray());
        if (number.compareTo(n) >= 0) {
            return false;
        }
        BigInteger encoded = new BigInteger(1, encode(message));
        return MessageDigest.isEqual(number.modPow(EXPONENT, n).toByteArray(), encoded.toByteArray());
    }

    /** EMSA-PKCS1-v1_5 (RFC 8017, 9.2). */
    private byte[] encode(Bytes message) {
        Bytes info = Bytes.concat(SHA256_DIGEST_INFO, Hashes.sha256(message));
        byte[] encoded = new byte[modulus.length()];
        Arrays.fill(encoded, (byte) 0xFF);
        encoded[0] = 0;
        encoded[1] = 1;
        int at = encoded.length - info.length();
        encoded[at - 1] = 0;
        info.copyTo(0, encoded, at, info.length());
        return encoded;
    }
}
