package io.cloister.crypto;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * A public point of secp256k1; immutable, value equality. Operations with a {@link Scalar} take variable time, those
 * with a {@link SecretScalar} constant time. Encodings are those of SEC 1 section 2.3.3.
 */
public final class Point {
    /** The neutral element; it has no coordinates. */
    public static final Point INFINITY = new Point(new byte[0], new byte[0]);

    public static final Point G = base(Scalar.ONE);

    private static final Bytes INFINITY_ENCODED = Bytes.zeros(33);

    private final byte[] pubkey; // libsecp256k1's own form, empty for infinity
    private final byte[] uncompressed; // 0x04 || x || y, empty for infinity

    private Point(byte[] pubkey, byte[] uncompressed) {
        this.pubkey = pubkey;
        this.uncompressed = uncompressed;
    }

    private static Point finite(byte[] pubkey) {
        byte[] uncompressed = new byte[65];
        NativeSecp256k1.serialize(uncompressed, pubkey);
        return new Point(pubkey, uncompressed);
    }

    /**
     * Reads 33 bytes.
     *
     * @throws CodecException OUT_OF_RANGE when they are no finite point, TRUNCATED or TOO_LONG for any other length
     */
    public static Point decode(Bytes encoded) {
        Scalar.requireLength(encoded, 33);
        return parse(encoded.toArray());
    }

    /** Like {@link #decode}, but 33 zero bytes are the point at infinity. */
    public static Point decodeAllowingInfinity(Bytes encoded) {
        return encoded.equals(INFINITY_ENCODED) ? INFINITY : decode(encoded);
    }

    /** Reads 65 bytes that begin with 0x04, with the same errors as {@link #decode}. */
    public static Point decodeUncompressed(Bytes encoded) {
        Scalar.requireLength(encoded, 65);
        if (encoded.at(0) != 4) {
            throw new CodecException(Reason.OUT_OF_RANGE, "no uncompressed point");
        }
        return parse(encoded.toArray());
    }

    private static Point parse(byte[] encoded) {
        byte[] pubkey = new byte[NativeSecp256k1.PUBKEY];
        if (!NativeSecp256k1.parse(pubkey, encoded)) {
            throw new CodecException(Reason.OUT_OF_RANGE, "no point of secp256k1");
        }
        return finite(pubkey);
    }

    /** 33 bytes; zero bytes for infinity. */
    public Bytes encode() {
        if (isInfinity()) {
            return INFINITY_ENCODED;
        }
        byte[] encoded = Arrays.copyOf(uncompressed, 33);
        encoded[0] = (byte) (yIsOdd() ? 3 : 2);
        return Bytes.wrap(encoded);
    }

    /**
     * 65 bytes.
     *
     * @throws ArithmeticException for infinity
     */
    public Bytes encodeUncompressed() {
        requireFinite();
        return Bytes.of(uncompressed);
    }

    /** 32 bytes; {@link ArithmeticException} for infinity. */
    public Bytes x() {
        requireFinite();
        return Bytes.wrap(Arrays.copyOfRange(uncompressed, 1, 33));
    }

    /** 32 bytes; {@link ArithmeticException} for infinity. */
    public Bytes y() {
        requireFinite();
        return Bytes.wrap(Arrays.copyOfRange(uncompressed, 33, 65));
    }

    public boolean yIsOdd() {
        requireFinite();
        return (uncompressed[64] & 1) == 1;
    }

    public boolean isInfinity() {
        return pubkey.length == 0;
    }

    public Point add(Point other) {
        return sum(List.of(this, other));
    }

    public Point sub(Point other) {
        return add(other.negate());
    }

    public Point negate() {
        if (isInfinity()) {
            return this;
        }
        byte[] negated = pubkey.clone();
        NativeSecp256k1.negate(negated);
        return finite(negated);
    }

    /** Variable time: for public factors only. */
    public Point mul(Scalar factor) {
        if (isInfinity()) {
            return this;
        }
        byte[] product = pubkey.clone();
        return NativeSecp256k1.multiply(product, factor.encode().toArray()) ? finite(product) : INFINITY;
    }

    /** Constant time, for secret factors; only a factor of zero shows, as does its result. */
    public Point mul(SecretScalar factor) {
        if (isInfinity()) {
            return this;
        }
        byte[] encoded = new byte[65];
        byte[] coordinates = new byte[64];
        boolean finite = factor.use(secret -> NativeSecp256k1.multiplySecretly(coordinates, pubkey, secret));
        if (!finite) {
            return INFINITY;
        }
        encoded[0] = 4;
        System.arraycopy(coordinates, 0, encoded, 1, 64);
        return parse(encoded);
    }

    /** factor * G for a public factor. */
    public static Point base(Scalar factor) {
        byte[] product = new byte[NativeSecp256k1.PUBKEY];
        MemorySegment scalar = MemorySegment.ofArray(factor.encode().toArray());
        return NativeSecp256k1.create(product, scalar) ? finite(product) : INFINITY;
    }

    /** factor * G in constant time; only a factor of zero shows, as does its result. */
    public static Point base(SecretScalar factor) {
        byte[] product = new byte[NativeSecp256k1.PUBKEY];
        return factor.use(secret -> NativeSecp256k1.create(product, secret)) ? finite(product) : INFINITY;
    }

    /** The sum of any number of points; infinity for none. */
    public static Point sum(List<Point> points) {
        byte[][] terms = points.stream()
                .filter(point -> !point.isInfinity())
                .map(point -> point.pubkey)
                .toArray(byte[][]::new);
        if (terms.length == 0) {
            return INFINITY;
        }
        byte[] sum = new byte[NativeSecp256k1.PUBKEY];
        return NativeSecp256k1.combine(sum, terms) ? finite(sum) : INFINITY;
    }

    /**
     * The commitment to a polynomial's value: sum of index^m * A_m by Horner's rule.
     *
     * @param commitments A_0 first
     * @param index the public point of evaluation, not negative
     */
    public static Point evaluate(List<Point> commitments, int index) {
        if (index < 0) {
            throw new IllegalArgumentException("an index of " + index);
        }
        Scalar factor = Scalar.of(index);
        Point value = INFINITY;
        for (Point commitment : commitments.reversed()) {
            value = value.mul(factor).add(commitment);
        }
        return value;
    }

    /** The sum of factor * point, in variable time; both lists have the same length. */
    public static Point multiply(List<Point> points, List<Scalar> factors) {
        if (points.size() != factors.size()) {
            throw new IllegalArgumentException(points.size() + " points and " + factors.size() + " factors");
        }
        Point[] products = new Point[points.size()];
        for (int i = 0; i < products.length; i++) {
            products[i] = points.get(i).mul(factors.get(i));
        }
        return sum(List.of(products));
    }

    byte[] pubkey() {
        requireFinite();
        return pubkey;
    }

    private void requireFinite() {
        if (isInfinity()) {
            throw new ArithmeticException("the point at infinity has no coordinates");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Point that && Arrays.equals(uncompressed, that.uncompressed);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(uncompressed);
    }

    @Override
    public String toString() {
        return encode().to0x();
    }
}
