package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.Hashes;
import java.math.BigInteger;
import java.util.Objects;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.ECPoint;

/**
 * A P-384 key in the form of ID authentication information (AMD 56860, table "public key"): u32 curve 2, x and y in 72
 * bytes each, zeros up to 1,028 bytes; all little endian. Immutable.
 */
public final class SnpPublicKey {
    /** Bytes of the encoding. */
    public static final int SIZE = 1028;

    static final int COORDINATE_SIZE = 48;
    private static final int NUMBER_SIZE = 72;
    private static final int X = 4;
    private static final int Y = X + NUMBER_SIZE;
    private static final byte CURVE_P384 = 2;
    private static final ECCurve CURVE = CustomNamedCurves.getByName("P-384").getCurve();

    /** Everything of a SubjectPublicKeyInfo in front of a point's 96 bytes. */
    private static final Bytes INFO_PREFIX = Bytes.hex("3076301006072a8648ce3d020106052b8104002203620004");

    private final Bytes x;
    private final Bytes y;

    private SnpPublicKey(Bytes x, Bytes y) {
        this.x = x;
        this.y = y;
    }

    /**
     * Reads the 1,028 bytes.
     *
     * @throws CodecException UNKNOWN for another curve, NOT_CANONICAL for a reserved byte that is set, OUT_OF_RANGE for
     *     a point that is not on the curve or another length
     */
    public static SnpPublicKey decode(Bytes encoded) {
        if (encoded.length() != SIZE) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a public key of " + encoded.length() + " bytes");
        }
        if (!encoded.slice(0, X).equals(Bytes.of(CURVE_P384, (byte) 0, (byte) 0, (byte) 0))) {
            throw new CodecException(Reason.UNKNOWN, "a public key on another curve than P-384");
        }
        Little.requireZero(encoded, X + COORDINATE_SIZE, Y);
        Little.requireZero(encoded, Y + COORDINATE_SIZE, SIZE);
        return of(number(encoded, X), number(encoded, Y));
    }

    /**
     * Reads SubjectPublicKeyInfo in DER.
     *
     * @throws CodecException UNKNOWN when this is no P-384 key in that encoding, OUT_OF_RANGE for a point that is not on
     *     the curve
     */
    public static SnpPublicKey ofInfo(Bytes info) {
        if (info.length() != INFO_PREFIX.length() + 2 * COORDINATE_SIZE || !info.startsWith(INFO_PREFIX)) {
            throw new CodecException(Reason.UNKNOWN, "not a P-384 public key");
        }
        return of(
                info.slice(INFO_PREFIX.length(), COORDINATE_SIZE),
                info.slice(INFO_PREFIX.length() + COORDINATE_SIZE, COORDINATE_SIZE));
    }

    /** @throws CodecException OUT_OF_RANGE when the point is not on P-384 */
    static SnpPublicKey of(Bytes x, Bytes y) {
        BigInteger px = new BigInteger(1, x.toArray());
        BigInteger py = new BigInteger(1, y.toArray());
        BigInteger field = CURVE.getField().getCharacteristic();
        if (px.compareTo(field) >= 0 || py.compareTo(field) >= 0 || !onCurve(px, py)) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a public key that is no point of P-384");
        }
        return new SnpPublicKey(x, y);
    }

    private static boolean onCurve(BigInteger x, BigInteger y) {
        ECPoint point = CURVE.createPoint(x, y);
        return !point.isInfinity() && point.isValid();
    }

    private static Bytes number(Bytes encoded, int at) {
        return encoded.slice(at, COORDINATE_SIZE).reversed();
    }

    /** The 1,028 bytes. */
    public Bytes encode() {
        byte[] encoded = new byte[SIZE];
        encoded[0] = CURVE_P384;
        x.reversed().copyTo(0, encoded, X, COORDINATE_SIZE);
        y.reversed().copyTo(0, encoded, Y, COORDINATE_SIZE);
        return Bytes.wrap(encoded);
    }

    /** SHA-384 of the 1,028 bytes: what a report names as ID_KEY_DIGEST or AUTHOR_KEY_DIGEST. */
    public Bytes digest() {
        return Hashes.sha384(encode());
    }

    /** The key as SubjectPublicKeyInfo in DER. */
    public Bytes info() {
        return Bytes.concat(INFO_PREFIX, x, y);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SnpPublicKey that && x.equals(that.x) && y.equals(that.y);
    }

    @Override
    public int hashCode() {
        return Objects.hash(x, y);
    }

    /** The digest that reports name. */
    @Override
    public String toString() {
        return digest().toHex();
    }
}
