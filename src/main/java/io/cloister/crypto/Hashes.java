package io.cloister.crypto;

import io.cloister.codec.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.RIPEMD160Digest;

/** Hash functions over public data. Several arguments are hashed as their concatenation, without any length prefix. */
public final class Hashes {
    /** Copying it is several times quicker than looking the algorithm up. */
    private static final MessageDigest SHA256 = messageDigest("SHA-256");

    private Hashes() {}

    /** SHA-256, 32 bytes (FIPS 180-4). */
    public static Bytes sha256(Bytes... parts) {
        MessageDigest digest = newSha256();
        for (Bytes part : parts) {
            part.update(digest);
        }
        return Bytes.wrap(digest.digest());
    }

    /** SHA-384, 48 bytes (FIPS 180-4). */
    public static Bytes sha384(Bytes... parts) {
        return digest("SHA-384", parts);
    }

    /** SHA-512, 64 bytes (FIPS 180-4). */
    public static Bytes sha512(Bytes... parts) {
        return digest("SHA-512", parts);
    }

    /** Keccak-256 with Ethereum's padding, 32 bytes. */
    public static Bytes keccak256(Bytes... parts) {
        byte[] input = (parts.length == 1 ? parts[0] : Bytes.concat(parts)).toArray();
        byte[] out = new byte[32];
        Keccak256.digest(input, 0, input.length, out, 0);
        return Bytes.wrap(out);
    }

    /** RIPEMD-160, 20 bytes. */
    public static Bytes ripemd160(Bytes... parts) {
        RIPEMD160Digest digest = new RIPEMD160Digest();
        for (Bytes part : parts) {
            digest.update(part.toArray(), 0, part.length());
        }
        byte[] out = new byte[20];
        digest.doFinal(out, 0);
        return Bytes.wrap(out);
    }

    /** Bitcoin's RIPEMD-160 of SHA-256, 20 bytes. */
    public static Bytes hash160(Bytes... parts) {
        return ripemd160(sha256(parts));
    }

    /** Bitcoin's SHA-256 of SHA-256, 32 bytes. */
    public static Bytes doubleSha256(Bytes... parts) {
        return sha256(sha256(parts));
    }

    /** HMAC-SHA-256, 32 bytes (RFC 2104). */
    public static Bytes hmacSha256(Bytes key, Bytes data) {
        return Bytes.wrap(Hkdf.hmac(key.toArray(), data.toArray()));
    }

    /**
     * HKDF-SHA-256 (RFC 5869), extract and expand, over key material that is no secret of ours; secrets go through
     * {@link SecretBytes#hkdf}.
     *
     * @param length at most 255 * 32 bytes
     */
    public static Bytes hkdfSha256(Bytes keyMaterial, Bytes salt, Bytes info, int length) {
        byte[] extracted = Hkdf.extract(salt.toArray(), keyMaterial.toArray());
        byte[] expanded = Hkdf.expand(extracted, info.toArray(), length);
        Arrays.fill(extracted, (byte) 0);
        return Bytes.wrap(expanded);
    }

    /** A fresh SHA-256. */
    static MessageDigest newSha256() {
        try {
            return (MessageDigest) SHA256.clone();
        } catch (CloneNotSupportedException e) {
            return messageDigest("SHA-256");
        }
    }

    private static Bytes digest(String algorithm, Bytes... parts) {
        MessageDigest digest = messageDigest(algorithm);
        for (Bytes part : parts) {
            part.update(digest);
        }
        return Bytes.wrap(digest.digest());
    }

    private static MessageDigest messageDigest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the Java runtime lacks " + algorithm, e);
        }
    }
}
