package io.cloister.crypto;

import io.cloister.codec.Bytes;
import java.util.Arrays;
import java.util.Optional;

/** ECDSA over secp256k1 with digests of 32 bytes, by libsecp256k1. */
public final class Ecdsa {
    /** (q - 1) / 2 */
    private static final byte[] HALF =
            Scalar.of(ScalarField.Q.shiftRight(1)).encode().toArray();

    private Ecdsa() {}

    /**
     * Signs deterministically (RFC 6979 with SHA-256) in constant time, with low s and recovery id.
     *
     * @throws IllegalArgumentException for a digest of another length or a key of zero
     */
    public static Signature sign(SecretScalar key, Bytes digest32) {
        byte[] digest = requireDigest(digest32);
        byte[] signature = new byte[NativeSecp256k1.RECOVERABLE];
        if (!key.use(secret -> NativeSecp256k1.sign(signature, digest, secret))) {
            throw new IllegalArgumentException("zero is no key");
        }
        return Signature.decodeRecoverable(Bytes.wrap(signature));
    }

    /** Whether the signature is this key's over the digest and has low s. */
    public static boolean verify(Point key, Bytes digest32, Signature signature) {
        byte[] digest = requireDigest(digest32);
        return !key.isInfinity()
                && NativeSecp256k1.verify(key.pubkey(), signature.compact().toArray(), digest);
    }

    /** The same for 64 bytes r || s; any other length is no signature. */
    public static boolean verify(Point key, Bytes digest32, Bytes compact) {
        byte[] digest = requireDigest(digest32);
        return compact.length() == NativeSecp256k1.SIGNATURE
                && !key.isInfinity()
                && NativeSecp256k1.verify(key.pubkey(), compact.toArray(), digest);
    }

    /**
     * The key whose signature this is; low and high s alike, because Ethereum's precompile takes both.
     *
     * @return empty when there is no such key or the recovery id is unknown
     */
    public static Optional<Point> recover(Bytes digest32, Signature signature) {
        byte[] digest = requireDigest(digest32);
        byte[] pubkey = new byte[NativeSecp256k1.PUBKEY];
        byte[] compact = signature.compact().toArray();
        if (signature.recoveryId() == Signature.UNKNOWN_RECOVERY_ID
                || !NativeSecp256k1.recover(pubkey, compact, signature.recoveryId(), digest)) {
            return Optional.empty();
        }
        byte[] encoded = new byte[65];
        NativeSecp256k1.serialize(encoded, pubkey);
        return Optional.of(Point.decodeUncompressed(Bytes.wrap(encoded)));
    }

    /**
     * Whether 65 bytes r || s || recovery id are the one form of this key's signature over the digest that Ethereum
     * contracts accept as well: low s, and the recovery id that gives the key back.
     *
     * @param key compressed, 33 bytes
     */
    public static boolean isRecoverable(Bytes key, Bytes digest32, Bytes signature) {
        byte[] digest = requireDigest(digest32);
        if (signature.length() != NativeSecp256k1.RECOVERABLE || signature.at(64) < 0 || signature.at(64) > 3) {
            return false;
        }
        byte[] compact = signature.slice(0, 64).toArray();
        byte[] pubkey = new byte[NativeSecp256k1.PUBKEY];
        if (isHigh(compact) || !NativeSecp256k1.recover(pubkey, compact, signature.at(64), digest)) {
            return false;
        }
        byte[] encoded = new byte[33];
        NativeSecp256k1.serialize(encoded, pubkey);
        return Bytes.wrap(encoded).equals(key);
    }

    private static boolean isHigh(byte[] compact) {
        return Arrays.compareUnsigned(compact, 32, 64, HALF, 0, 32) > 0;
    }

    private static byte[] requireDigest(Bytes digest) {
        if (digest.length() != 32) {
            throw new IllegalArgumentException("a digest of " + digest.length() + " bytes");
        }
        return digest.toArray();
    }
}
