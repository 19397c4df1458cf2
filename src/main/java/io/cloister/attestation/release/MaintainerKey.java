package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.Hashes;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * The Ed25519 key of one who signs releases (RFC 8032).
 *
 * @param raw 32 bytes, the canonical encoding of a point of the prime-order group
 */
public record MaintainerKey(Bytes raw) implements Comparable<MaintainerKey> {
    /** Bytes of a key. */
    public static final int SIZE = 32;

    /** Bytes of a signature. */
    public static final int SIGNATURE_SIZE = 64;

    private static final Bytes LABEL = Bytes.utf8("cloister/maintainer/v1");
    private static final Bytes INFO_PREFIX = Bytes.hex("302a300506032b6570032100");

    /** @throws CodecException OUT_OF_RANGE for another length or a point of small or mixed order */
    public MaintainerKey {
        if (raw.length() != SIZE || !Ed25519.validatePublicKeyFull(raw.toArray(), 0)) {
            throw new CodecException(Reason.OUT_OF_RANGE, "not an Ed25519 public key: " + raw.toHex());
        }
    }

    /**
     * Reads SubjectPublicKeyInfo in DER.
     *
     * @throws CodecException UNKNOWN when this is no Ed25519 key in that encoding, OUT_OF_RANGE for a weak one
     */
    public static MaintainerKey ofInfo(Bytes info) {
        if (info.length() != INFO_PREFIX.length() + SIZE || !info.startsWith(INFO_PREFIX)) {
            throw new CodecException(Reason.UNKNOWN, "not an Ed25519 public key");
        }
        return new MaintainerKey(info.slice(INFO_PREFIX.length(), SIZE));
    }

    /** What signatures call the key: SHA-256("cloister/maintainer/v1" || raw), 32 bytes. */
    public Bytes id() {
        return Hashes.sha256(LABEL, raw);
    }

    /** Whether this is the key's signature, in its one encoding, over the message. */
    boolean verifies(Bytes message, Bytes signature) {
        if (signature.length() != SIGNATURE_SIZE) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(
                            Bytes.concat(INFO_PREFIX, raw).toArray())));
            verifier.update(message.buffer());
            return verifier.verify(signature.toArray());
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the Java runtime lacks Ed25519", e);
        }
    }

    @Override
    public int compareTo(MaintainerKey other) {
        return raw.compareTo(other.raw);
    }
}
