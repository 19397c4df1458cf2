package io.cloister.evm;

import java.util.Arrays;

/** 256-bit arithmetic in place on a {@code long[]} of limbs; each result replaces the operand at {@code b}. */
final class Arithmetic {
    private Arithmetic() {}

    static void add(long[] s, int a, int b) {
        long carry = 0;
        for (int i = 0; i < 4; i++) {
            long x = s[a + i];
            long sum = x + s[b + i];
            long total = sum + carry;
            carry = (Long.compareUnsigned(sum, x) < 0 ? 1 : 0) + (Long.compareUnsigned(total, sum) < 0 ? 1 : 0);
            s[b + i] = total;
        }
    }

    /** b = a - b. */
    static void sub(long[] s, int a, int b) {
        long borrow = 0;
        for (int i = 0; i < 4; i++) {
            long x = s[a + i];
            long y = s[b + i];
            long difference = x - y;
            s[b + i] = difference - borrow;
            borrow = (Long.compareUnsigned(x, y) < 0 ? 1 : 0) + (Long.compareUnsigned(difference, borrow) < 0 ? 1 : 0);
        }
    }

    static void negate(long[] s, int at) {
        long carry = 1;
        for (int i = 0; i < 4; i++) {
            long value = ~s[at + i] + carry;
            carry = carry == 1 && value == 0 ? 1 : 0;
            s[at + i] = value;
        }
    }

    static void mul(long[] s, int a, int b) {
        long a0 = s[a];
        long a1 = s[a + 1];
        long a2 = s[a + 2];
        long a3 = s[a + 3];
        long b0 = s[b];
        long b1 = s[b + 1];
        long b2 = s[b + 2];
        long b3 = s[b + 3];
        long r0 = a0 * b0;
        long r1 = Math.unsignedMultiplyHigh(a0, b0);
        s[b] = r0;
        if ((a1 | a2 | a3 | b1 | b2 | b3) == 0) {
            s[b + 1] = r1;
            return;
        }
        long term = a0 * b1;
        r1 += term;
        long r2 = Math.unsignedMultiplyHigh(a0, b1) + carry(r1, term);
        term = a1 * b0;
        r1 += term;
        long r3 = 0;
        // A high half is at most 2^64 - 2, so that adding a carry to it cannot overflow.
        long addend = Math.unsignedMultiplyHigh(a1, b0) + carry(r1, term);
        r2 += addend;
        r3 += carry(r2, addend);
        term = a0 * b2;
        r2 += term;
        r3 += carry(r2, term);
        term = a1 * b1;
        r2 += term;
        r3 += carry(r2, term);
        term = a2 * b0;
        r2 += term;
        r3 += carry(r2, term);
        r3 += Math.unsignedMultiplyHigh(a0, b2) + Math.unsignedMultiplyHigh(a1, b1) + Math.unsignedMultiplyHigh(a2, b0);
        r3 += a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0;
        s[b + 1] = r1;
        s[b + 2] = r2;
        s[b + 3] = r3;
    }

    private static long carry(long sum, long addend) {
        return Long.compareUnsigned(sum, addend) < 0 ? 1 : 0;
    }

    /** DIV or MOD: b = a / b or a mod b; zero when b is zero. */
    static void divide(long[] s, int a, int b, boolean remainder) {
        if ((s[a + 1] | s[a + 2] | s[a + 3] | s[b + 1] | s[b + 2] | s[b + 3]) == 0) {
            if (s[b] != 0) {
                s[b] = remainder ? Long.remainderUnsigned(s[a], s[b]) : Long.divideUnsigned(s[a], s[b]);
            }
            return;
        }
        if (Words.isZero(s, b)) {
            return;
        }
        if (Words.isLess(s, a, b)) {
            if (remainder) {
                System.arraycopy(s, a, s, b, 4);
            } else {
                Words.set(s, b, 0);
            }
            return;
        }
        int[] quotient = new int[9];
        int[] rest = Division.digits(s, a, 4);
        int[] divisor = Division.digits(s, b, 4);
        Division.divide(rest, 8, divisor, quotient);
        Division.toLimbs(remainder ? rest : quotient, s, b);
    }

    /** SDIV or SMOD, with the sign rules of the Yellow Paper: the quotient is truncated, the remainder has a's sign. */
    static void divideSigned(long[] s, int a, int b, boolean remainder) {
        boolean negativeA = s[a + 3] < 0;
        boolean negativeB = s[b + 3] < 0;
        if (negativeA) {
            negate(s, a);
        }
        if (negativeB) {
            negate(s, b);
        }
        divide(s, a, b, remainder);
        if (remainder ? negativeA : negativeA != negativeB) {
            negate(s, b);
        }
    }

    /** ADDMOD: m = (a + b) mod m over 257 bits. */
    static void addModulo(long[] s, int a, int b, int m) {
        int[] sum = new int[17];
        long carry = 0;
        for (int i = 0; i < 8; i++) {
            carry += (s[a + i / 2] >>> (i & 1) * 32 & 0xffff_ffffL) + (s[b + i / 2] >>> (i & 1) * 32 & 0xffff_ffffL);
            sum[i] = (int) carry;
            carry >>>= 32;
        }
        sum[8] = (int) carry;
        modulo(sum, 9, s, m);
    }

    /** MULMOD: m = a * b mod m over 512 bits. */
    static void multiplyModulo(long[] s, int a, int b, int m) {
        int[] product = new int[17];
        for (int i = 0; i < 8; i++) {
            long factor = s[a + i / 2] >>> (i & 1) * 32 & 0xffff_ffffL;
            long carry = 0;
            for (int j = 0; j < 8; j++) {
                carry += factor * (s[b + j / 2] >>> (j & 1) * 32 & 0xffff_ffffL) + (product[i + j] & 0xffff_ffffL);
                product[i + j] = (int) carry;
                carry >>>= 32;
            }
            product[i + 8] = (int) carry;
        }
        modulo(product, 16, s, m);
    }

    private static void modulo(int[] dividend, int length, long[] s, int m) {
        if (Words.isZero(s, m)) {
            return;
        }
        Division.divide(dividend, length, Division.digits(s, m, 4), new int[length + 1]);
        Division.toLimbs(dividend, s, m);
    }

    /** EXP: b = a ^ b mod 2^256. */
    static void power(long[] s, int a, int b) {
        long[] scratch = new long[8]; // base, then result
        System.arraycopy(s, a, scratch, 0, 4);
        Words.set(scratch, 4, 1);
        for (int limb = 3; limb >= 0; limb--) {
            long exponent = s[b + limb];
            for (int bit = 63; bit >= 0; bit--) {
                mul(scratch, 4, 4);
                if ((exponent >>> bit & 1) != 0) {
                    mul(scratch, 0, 4);
                }
            }
        }
        System.arraycopy(scratch, 4, s, b, 4);
        Arrays.fill(scratch, 0);
    }
}
