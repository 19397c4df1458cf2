package io.cloister.crypto;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Integers modulo the order q of secp256k1 as four 64-bit limbs, least significant first, always below q. No branch,
 * index or loop count depends on a value. The order is that of SEC 2 section 2.4.1; multiplication is Montgomery's
 * (CIOS).
 */
final class ScalarField {
    static final BigInteger Q = new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
    private static final long[] LIMBS = limbs(Q);
    private static final long NEGATED_INVERSE = // -q^-1 mod 2^64
            Q.modInverse(BigInteger.ONE.shiftLeft(64)).negate().longValue();
    private static final long[] R_SQUARED = limbs(BigInteger.ONE.shiftLeft(512).mod(Q));
    static final long[] ONE = {1, 0, 0, 0};
    static final long[] TWO_TO_256 = limbs(BigInteger.ONE.shiftLeft(256).mod(Q));
    private static final BigInteger EXPONENT = Q.subtract(BigInteger.TWO);

    private ScalarField() {}

    /** The limbs of a public number below 2^256. */
    static long[] limbs(BigInteger value) {
        long[] limbs = new long[4];
        for (int i = 0; i < 4; i++) {
            limbs[i] = value.shiftRight(64 * i).longValue();
        }
        return limbs;
    }

    static void add(long[] out, long[] a, long[] b) {
        long carry = 0;
        for (int i = 0; i < 4; i++) {
            long sum = a[i] + b[i];
            long first = carryOf(a[i], b[i], sum);
            out[i] = sum + carry;
            carry = first + carryOf(sum, carry, out[i]);
        }
        reduceOnce(out, carry);
    }

    static void sub(long[] out, long[] a, long[] b) {
        long borrow = 0;
        for (int i = 0; i < 4; i++) {
            long difference = a[i] - b[i];
            long first = borrowOf(a[i], b[i], difference);
            long reduced = difference - borrow;
            borrow = first + borrowOf(difference, borrow, reduced);
            out[i] = reduced;
        }
        long mask = -borrow;
        long carry = 0;
        for (int i = 0; i < 4; i++) {
            long addend = LIMBS[i] & mask;
            long sum = out[i] + addend;
            long first = carryOf(out[i], addend, sum);
            out[i] = sum + carry;
            carry = first + carryOf(sum, carry, out[i]);
        }
    }

    static void mul(long[] out, long[] a, long[] b) {
        long[] scaled = new long[4];
        montgomery(scaled, a, R_SQUARED);
        montgomery(out, scaled, b);
        Arrays.fill(scaled, 0);
    }

    /** a^(q-2): the inverse of a, and zero for zero. The exponent is public. */
    static void inverse(long[] out, long[] a) {
        long[] base = new long[4];
        long[] power = new long[4];
        montgomery(base, a, R_SQUARED);
        montgomery(power, ONE, R_SQUARED);
        for (int bit = EXPONENT.bitLength() - 1; bit >= 0; bit--) {
            montgomery(power, power, power);
            if (EXPONENT.testBit(bit)) {
                montgomery(power, power, base);
            }
        }
        montgomery(out, power, ONE);
        Arrays.fill(base, 0);
        Arrays.fill(power, 0);
    }

    /** 1 when the number is at least q, else 0. */
    static long exceeds(long[] a) {
        long borrow = 0;
        for (int i = 0; i < 4; i++) {
            long difference = a[i] - LIMBS[i];
            borrow = borrowOf(a[i], LIMBS[i], difference) + borrowOf(difference, borrow, difference - borrow);
        }
        return 1 - borrow;
    }

    /** out = a * b / 2^256 mod q. */
    private static void montgomery(long[] out, long[] a, long[] b) {
        long[] t = new long[6];
        for (int i = 0; i < 4; i++) {
            multiplyAdd(t, a, b[i]);
            multiplyAdd(t, LIMBS, t[0] * NEGATED_INVERSE);
            System.arraycopy(t, 1, t, 0, 5); // t[0] is zero now: divide by 2^64
            t[5] = 0;
        }
        System.arraycopy(t, 0, out, 0, 4);
        reduceOnce(out, t[4]);
        Arrays.fill(t, 0);
    }

    /** t += a * factor, over six limbs. */
    private static void multiplyAdd(long[] t, long[] a, long factor) {
        long carry = 0;
        for (int j = 0; j < 4; j++) {
            long low = a[j] * factor;
            long high = Math.unsignedMultiplyHigh(a[j], factor);
            long sum = low + t[j];
            high += carryOf(low, t[j], sum);
            t[j] = sum + carry;
            carry = high + carryOf(sum, carry, t[j]);
        }
        long top = t[4] + carry;
        t[5] += carryOf(t[4], carry, top);
        t[4] = top;
    }

    /** Subtracts q when the five-limb number (high, out) is at least q; it must be below 2q. */
    private static void reduceOnce(long[] out, long high) {
        long borrow = 0;
        long r0 = out[0] - LIMBS[0];
        borrow = borrowOf(out[0], LIMBS[0], r0);
        long d1 = out[1] - LIMBS[1];
        long r1 = d1 - borrow;
        borrow = borrowOf(out[1], LIMBS[1], d1) + borrowOf(d1, borrow, r1);
        long d2 = out[2] - LIMBS[2];
        long r2 = d2 - borrow;
        borrow = borrowOf(out[2], LIMBS[2], d2) + borrowOf(d2, borrow, r2);
        long d3 = out[3] - LIMBS[3];
        long r3 = d3 - borrow;
        borrow = borrowOf(out[3], LIMBS[3], d3) + borrowOf(d3, borrow, r3);
        long keep = -(borrow & (high ^ 1)); // all ones when the difference is negative
        out[0] = out[0] & keep | r0 & ~keep;
        out[1] = out[1] & keep | r1 & ~keep;
        out[2] = out[2] & keep | r2 & ~keep;
        out[3] = out[3] & keep | r3 & ~keep;
    }

    private static long carryOf(long a, long b, long sum) {
        return (a & b | (a | b) & ~sum) >>> 63;
    }

    private static long borrowOf(long a, long b, long difference) {
        return (~a & b | (~a | b) & difference) >>> 63;
    }
}
