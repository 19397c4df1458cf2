package io.cloister.evm;

/**
 * Knuth's algorithm D (The Art of Computer Programming, volume 2, 4.3.1) over 32-bit digits, the least significant
 * first.
 */
final class Division {
    private static final long MASK = 0xffff_ffffL;

    private Division() {}

    /** The digits of so many limbs, with one more digit of room that {@link #divide} needs. */
    static int[] digits(long[] s, int at, int limbs) {
        int[] digits = new int[limbs * 2 + 1];
        for (int i = 0; i < limbs; i++) {
            digits[2 * i] = (int) s[at + i];
            digits[2 * i + 1] = (int) (s[at + i] >>> 32);
        }
        return digits;
    }

    /** Puts the low eight digits back into four limbs. */
    static void toLimbs(int[] digits, long[] s, int at) {
        for (int i = 0; i < 4; i++) {
            s[at + i] = digits[2 * i] & MASK | (long) digits[2 * i + 1] << 32;
        }
    }

    /**
     * Leaves the remainder in {@code u} and the quotient in {@code q}.
     *
     * @param u the dividend of {@code length} digits, in an array of at least one more
     * @param v the divisor, not zero; it is shifted
     * @param q at least {@code length} digits of zero
     */
    static void divide(int[] u, int length, int[] v, int[] q) {
        int n = v.length;
        while (v[n - 1] == 0) {
            n--;
        }
        if (n == 1) {
            divideByDigit(u, length, v[0] & MASK, q);
            return;
        }
        int shift = Integer.numberOfLeadingZeros(v[n - 1]); // D1
        shiftLeft(v, n, shift);
        u[length] = shiftLeft(u, length, shift);
        for (int j = length - n; j >= 0; j--) { // D2
            long estimate = estimate(u, j + n, v, n); // D3
            if (subtract(u, j, v, n, estimate)) { // D4, D5
                estimate--; // D6
                addBack(u, j, v, n);
            }
            q[j] = (int) estimate;
        }
        shiftRight(u, n, shift); // D8
    }

    private static void divideByDigit(int[] u, int length, long divisor, int[] q) {
        long rest = 0;
        for (int i = length - 1; i >= 0; i--) {
            long part = rest << 32 | u[i] & MASK;
            q[i] = (int) Long.divideUnsigned(part, divisor);
            rest = Long.remainderUnsigned(part, divisor);
            u[i] = 0;
        }
        u[0] = (int) rest;
    }

    private static long estimate(int[] u, int top, int[] v, int n) {
        long high = v[n - 1] & MASK;
        long next = v[n - 2] & MASK;
        long part = (long) u[top] << 32 | u[top - 1] & MASK;
        long quotient = Long.divideUnsigned(part, high);
        long rest = part - quotient * high;
        while (quotient > MASK || Long.compareUnsigned(quotient * next, rest << 32 | u[top - 2] & MASK) > 0) {
            quotient--;
            rest += high;
            if (rest > MASK) {
                break;
            }
        }
        return quotient;
    }

    /** u[j..] -= v * factor; true when the result went below zero. */
    private static boolean subtract(int[] u, int j, int[] v, int n, long factor) {
        long borrow = 0;
        long carry = 0;
        for (int i = 0; i < n; i++) {
            carry += factor * (v[i] & MASK);
            long difference = (u[i + j] & MASK) - (carry & MASK) - borrow;
            u[i + j] = (int) difference;
            borrow = difference >>> 63;
            carry >>>= 32;
        }
        long difference = (u[j + n] & MASK) - carry - borrow;
        u[j + n] = (int) difference;
        return difference < 0;
    }

    private static void addBack(int[] u, int j, int[] v, int n) {
        long carry = 0;
        for (int i = 0; i < n; i++) {
            carry += (u[i + j] & MASK) + (v[i] & MASK);
            u[i + j] = (int) carry;
            carry >>>= 32;
        }
        u[j + n] += (int) carry;
    }

    private static int shiftLeft(int[] digits, int length, int shift) {
        if (shift == 0) {
            return 0;
        }
        int carry = 0;
        for (int i = 0; i < length; i++) {
            int next = digits[i] >>> 32 - shift;
            digits[i] = digits[i] << shift | carry;
            carry = next;
        }
        return carry;
    }

    private static void shiftRight(int[] digits, int length, int shift) {
        if (shift == 0) {
            return;
        }
        for (int i = 0; i < length; i++) {
            int above = i + 1 < length ? digits[i + 1] << 32 - shift : 0;
            digits[i] = digits[i] >>> shift | above;
        }
    }
}
