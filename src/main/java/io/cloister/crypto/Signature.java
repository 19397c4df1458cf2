package io.cloister.crypto;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;

/**
 * An ECDSA signature over secp256k1.
 *
 * @param r from 1 to q - 1
 * @param s from 1 to q - 1
 * @param recoveryId bit 0 the parity of R's y, bit 1 whether R's x exceeds q; {@link #UNKNOWN_RECOVERY_ID} when the
 *     encoding had none
 */
public record Signature(Scalar r, Scalar s, int recoveryId) {
    public static final int UNKNOWN_RECOVERY_ID = -1;

    public Signature {
        if (r.isZero() || s.isZero()) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a signature with a zero");
        }
        if (recoveryId < UNKNOWN_RECOVERY_ID || recoveryId > 3) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a recovery id of " + recoveryId);
        }
    }

    /** Reads 64 bytes r || s; the recovery id stays unknown. */
    public static Signature decodeCompact(Bytes encoded) {
        Scalar.requireLength(encoded, 64);
        return decode(encoded, UNKNOWN_RECOVERY_ID);
    }

    /** Reads 65 bytes r || s || recovery id. */
    public static Signature decodeRecoverable(Bytes encoded) {
        Scalar.requireLength(encoded, 65);
        return decode(encoded, requireId(encoded.at(64)));
    }

    /** Reads 65 bytes r || s || v where v is 27 or more, as Ethereum contracts expect them. */
    public static Signature decodeEthereum(Bytes encoded) {
        Scalar.requireLength(encoded, 65);
        return decode(encoded, requireId(encoded.at(64) - 27));
    }

    /** Reads DER in the only form that BIP 66 allows; the recovery id stays unknown. */
    public static Signature decodeDer(Bytes encoded) {
        return Der.decode(encoded);
    }

    private static Signature decode(Bytes encoded, int recoveryId) {
        return new Signature(Scalar.decode(encoded.slice(0, 32)), Scalar.decode(encoded.slice(32, 32)), recoveryId);
    }

    private static int requireId(int id) {
        if (id < 0 || id > 3) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a recovery id of " + id);
        }
        return id;
    }

    /** Whether s is at most (q - 1) / 2, so that the signature has only one form (BIP 62, EIP-2). */
    public boolean isLowS() {
        return !s.isHigh();
    }

    /** The form with low s; the recovery id turns with it. */
    public Signature lowS() {
        if (isLowS()) {
            return this;
        }
        return new Signature(r, s.negate(), recoveryId == UNKNOWN_RECOVERY_ID ? recoveryId : recoveryId ^ 1);
    }

    /** 64 bytes r || s. */
    public Bytes compact() {
        return Bytes.concat(r.encode(), s.encode());
    }

    /** 65 bytes r || s || recovery id; {@link IllegalStateException} when that is unknown. */
    public Bytes recoverable() {
        return Bytes.concat(compact(), Bytes.of((byte) knownRecoveryId()));
    }

    /** 65 bytes r || s || 27 + recovery id; {@link IllegalStateException} when that is unknown. */
    public Bytes ethereum() {
        return Bytes.concat(compact(), Bytes.of((byte) (27 + knownRecoveryId())));
    }

    /** The DER form of SEC 1 and Bitcoin, 8 to 72 bytes, without a sighash byte. */
    public Bytes der() {
        return Der.encode(this);
    }

    private int knownRecoveryId() {
        if (recoveryId == UNKNOWN_RECOVERY_ID) {
            throw new IllegalStateException("the recovery id is unknown");
        }
        return recoveryId;
    }
}
