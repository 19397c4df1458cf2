package io.cloister.crypto;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Writer;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** A public integer modulo the order q of secp256k1; immutable, value equality, variable time. */
public final class Scalar {
    public static final Scalar ZERO = new Scalar(BigInteger.ZERO);
    public static final Scalar ONE = new Scalar(BigInteger.ONE);

    private static final BigInteger HALF = ScalarField.Q.shiftRight(1);
    private static final int MAX_PART = 0xffffff;

    private final BigInteger value;

    private Scalar(BigInteger value) {
        this.value = value;
    }

    /** The class of an integer, negative ones included. */
    public static Scalar of(long value) {
        return of(BigInteger.valueOf(value));
    }

    /** The class of an integer, whatever its size and sign. */
    public static Scalar of(BigInteger value) {
        return new Scalar(value.mod(ScalarField.Q));
    }

    /**
     * Reads 32 big-endian bytes.
     *
     * @throws CodecException NOT_CANONICAL for q and above, TRUNCATED or TOO_LONG for any other length
     */
    public static Scalar decode(Bytes encoded) {
        requireLength(encoded, 32);
        BigInteger value = new BigInteger(1, encoded.toArray());
        if (value.compareTo(ScalarField.Q) >= 0) {
            throw new CodecException(Reason.NOT_CANONICAL, "a scalar that is not below the group order");
        }
        return new Scalar(value);
    }

    /** The class of a big-endian number of any length, as 32 bytes of a digest or 64 bytes without bias. */
    public static Scalar reduce(Bytes wide) {
        return of(new BigInteger(1, wide.toArray()));
    }

    /**
     * Hashes to a scalar without measurable bias: SHA-512 over the domain and each part behind its u32 length, modulo
     * q.
     *
     * @param domain printable ASCII; being free of zero bytes, it cannot run into the first length
     * @param parts each below 16 MiB
     */
    public static Scalar hash(String domain, Bytes... parts) {
        Bytes label = Bytes.wrap(domain.getBytes(StandardCharsets.US_ASCII));
        if (domain.isEmpty() || !domain.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new IllegalArgumentException("a domain is a printable ASCII label");
        }
        Writer writer = new Writer().fixed(label);
        for (Bytes part : parts) {
            if (part.length() > MAX_PART) {
                throw new IllegalArgumentException("a part of " + part.length() + " bytes");
            }
            writer.bytes(part);
        }
        return reduce(Hashes.sha512(writer.toBytes()));
    }

    /** 32 big-endian bytes. */
    public Bytes encode() {
        return new Writer().bigUint(value, 32).toBytes();
    }

    public Scalar add(Scalar other) {
        return of(value.add(other.value));
    }

    public Scalar sub(Scalar other) {
        return of(value.subtract(other.value));
    }

    public Scalar mul(Scalar other) {
        return of(value.multiply(other.value));
    }

    public Scalar negate() {
        return of(value.negate());
    }

    /** @throws ArithmeticException for zero */
    public Scalar inverse() {
        if (isZero()) {
            throw new ArithmeticException("zero has no inverse");
        }
        return new Scalar(value.modInverse(ScalarField.Q));
    }

    public boolean isZero() {
        return value.signum() == 0;
    }

    /** Whether it exceeds (q - 1) / 2. */
    public boolean isHigh() {
        return value.compareTo(HALF) > 0;
    }

    public BigInteger toBigInteger() {
        return value;
    }

    long[] limbs() {
        return ScalarField.limbs(value);
    }

    static void requireLength(Bytes encoded, int length) {
        if (encoded.length() != length) {
            Reason reason = encoded.length() < length ? Reason.TRUNCATED : Reason.TOO_LONG;
            throw new CodecException(reason, encoded.length() + " bytes where " + length + " are expected");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Scalar that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return encode().to0x();
    }
}
