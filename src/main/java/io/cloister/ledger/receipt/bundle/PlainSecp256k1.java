package io.cloister.ledger.receipt.bundle;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import java.math.BigInteger;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Verification of ECDSA over secp256k1 on the runtime's integers. Its time depends on its input, so it is for public data
 * only: signatures, digests and public keys.
 */
public final class PlainSecp256k1 {
    private static final BigInteger P =
            new BigInteger("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f", 16);
    private static final BigInteger Q =
            new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
    private static final Jacobian G = new Jacobian(
            new BigInteger("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", 16),
            new BigInteger("483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8", 16),
            BigInteger.ONE);
    private static final BigInteger SEVEN = BigInteger.valueOf(7);

    private PlainSecp256k1() {}

    /** X / Z squared, Y / Z cubed; infinity has a Z of 0. */
    private record Jacobian(BigInteger x, BigInteger y, BigInteger z) {
        static final Jacobian INFINITY = new Jacobian(BigInteger.ONE, BigInteger.ONE, BigInteger.ZERO);

        boolean isInfinity() {
            return z.signum() == 0;
        }

        Jacobian doubled() {
            if (isInfinity()) {
                return this;
            }
            BigInteger yy = mod(y.multiply(y));
            BigInteger s = mod(x.multiply(yy).shiftLeft(2));
            BigInteger m = mod(x.multiply(x).multiply(BigInteger.valueOf(3)));
            BigInteger x3 = mod(m.multiply(m).subtract(s.shiftLeft(1)));
            BigInteger y3 =
                    mod(m.multiply(s.subtract(x3)).subtract(yy.multiply(yy).shiftLeft(3)));
            return new Jacobian(x3, y3, mod(y.multiply(z).shiftLeft(1)));
        }

        Jacobian plus(Jacobian other) {
            if (isInfinity() || other.isInfinity()) {
                return isInfinity() ? other : this;
            }
            BigInteger zz = mod(z.multiply(z));
            BigInteger otherZz = mod(other.z.multiply(other.z));
            BigInteger u1 = mod(x.multiply(otherZz));
            BigInteger u2 = mod(other.x.multiply(zz));
            BigInteger s1 = mod(y.multiply(otherZz).multiply(other.z));
            BigInteger s2 = mod(other.y.multiply(zz).multiply(z));
            if (u1.equals(u2)) {
                return s1.equals(s2) ? doubled() : INFINITY;
            }
            BigInteger h = mod(u2.subtract(u1));
            BigInteger r = mod(s2.subtract(s1));
            BigInteger hh = mod(h.multiply(h));
            BigInteger hhh = mod(hh.multiply(h));
            BigInteger v = mod(u1.multiply(hh));
            BigInteger x3 = mod(r.multiply(r).subtract(hhh).subtract(v.shiftLeft(1)));
            BigInteger y3 = mod(r.multiply(v.subtract(x3)).subtract(s1.multiply(hhh)));
            return new Jacobian(x3, y3, mod(z.multiply(other.z).multiply(h)));
        }
    }

    /**
     * Whether 65 bytes r || s || recovery id are this key's signature over the digest, with low s and the recovery id that
     * gives the key back.
     *
     * @param key compressed, 33 bytes
     */
    public static boolean isRecoverable(Bytes key, Bytes digest32, Bytes signature) {
        if (key.length() != 33 || digest32.length() != 32 || signature.length() != 65) {
            return false;
        }
        BigInteger r = number(signature.slice(0, 32));
        BigInteger s = number(signature.slice(32, 32));
        int recoveryId = signature.at(64);
        boolean inRange = r.signum() > 0 && r.compareTo(Q) < 0 && s.signum() > 0 && s.compareTo(Q.shiftRight(1)) <= 0;
        if (!inRange || recoveryId < 0 || recoveryId > 3) {
            return false;
        }
        Jacobian nonce = lift(recoveryId < 2 ? r : r.add(Q), (recoveryId & 1) == 1);
        if (nonce == null) {
            return false;
        }
        BigInteger inverse = r.modInverse(Q);
        BigInteger ofG = number(digest32).negate().multiply(inverse).mod(Q);
        return compressed(sum(G, ofG, nonce, s.multiply(inverse).mod(Q))).equals(key);
    }

    /** The y coordinate of a compressed key, 32 bytes; empty when it is no key. */
    static Optional<Bytes> y(Bytes key) {
        if (key.length() != 33 || (key.at(0) != 2 && key.at(0) != 3)) {
            return Optional.empty();
        }
        Jacobian point = lift(number(key.slice(1, 32)), key.at(0) == 3);
        return point == null ? Optional.empty() : Optional.of(word(point.y()));
    }

    /** The point with this x, or null when there is none. */
    private static @Nullable Jacobian lift(BigInteger x, boolean odd) {
        if (x.compareTo(P) >= 0) {
            return null;
        }
        BigInteger square = mod(x.pow(3).add(SEVEN));
        BigInteger y = square.modPow(P.add(BigInteger.ONE).shiftRight(2), P);
        if (!mod(y.multiply(y)).equals(square)) {
            return null;
        }
        return new Jacobian(x, y.testBit(0) == odd ? y : P.subtract(y), BigInteger.ONE);
    }

    /** a times the first point and b times the second, bit by bit for both at a time. */
    private static Jacobian sum(Jacobian first, BigInteger a, Jacobian second, BigInteger b) {
        Jacobian both = first.plus(second);
        Jacobian sum = Jacobian.INFINITY;
        for (int bit = 255; bit >= 0; bit--) {
            sum = sum.doubled();
            if (a.testBit(bit)) {
                sum = sum.plus(b.testBit(bit) ? both : first);
            } else if (b.testBit(bit)) {
                sum = sum.plus(second);
            }
        }
        return sum;
    }

    private static Bytes compressed(Jacobian point) {
        if (point.isInfinity()) {
            return Bytes.EMPTY;
        }
        BigInteger inverse = point.z().modInverse(P);
        BigInteger square = mod(inverse.multiply(inverse));
        BigInteger x = mod(point.x().multiply(square));
        BigInteger y = mod(point.y().multiply(square).multiply(inverse));
        return Bytes.concat(Bytes.of((byte) (y.testBit(0) ? 3 : 2)), word(x));
    }

    private static Bytes word(BigInteger value) {
        return new Writer().bigUint(value, 32).toBytes();
    }

    private static BigInteger mod(BigInteger value) {
        return value.mod(P);
    }

    private static BigInteger number(Bytes encoded) {
        return new BigInteger(1, encoded.toArray());
    }
}
