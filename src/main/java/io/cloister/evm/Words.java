package io.cloister.evm;

import io.cloister.codec.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;

/**
 * 256-bit words in place on a {@code long[]}: four limbs from an index upwards, the least significant first. Here are
 * loads, stores, comparisons and shifts; {@link Arithmetic} has the rest.
 */
final class Words {
    static final Bytes ZERO = Bytes.zeros(32);

    private static final VarHandle BIG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Words() {}

    /** Reads 32 big-endian bytes into the word. */
    static void load(byte[] source, int from, long[] s, int at) {
        s[at + 3] = (long) BIG.get(source, from);
        s[at + 2] = (long) BIG.get(source, from + 8);
        s[at + 1] = (long) BIG.get(source, from + 16);
        s[at] = (long) BIG.get(source, from + 24);
    }

    /** Writes the word as 32 big-endian bytes. */
    static void store(long[] s, int at, byte[] target, int to) {
        BIG.set(target, to, s[at + 3]);
        BIG.set(target, to + 8, s[at + 2]);
        BIG.set(target, to + 16, s[at + 1]);
        BIG.set(target, to + 24, s[at]);
    }

    static Bytes toBytes(long limb0, long limb1, long limb2, long limb3) {
        byte[] bytes = new byte[32];
        store(new long[] {limb0, limb1, limb2, limb3}, 0, bytes, 0);
        return Bytes.wrap(bytes);
    }

    static Bytes toBytes(long[] s, int at) {
        return toBytes(s[at], s[at + 1], s[at + 2], s[at + 3]);
    }

    static long[] ofBytes(Bytes word) {
        long[] limbs = new long[4];
        load(word.padLeft(32).toArray(), 0, limbs, 0);
        return limbs;
    }

    static void set(long[] s, int at, long value) {
        s[at] = value;
        s[at + 1] = 0;
        s[at + 2] = 0;
        s[at + 3] = 0;
    }

    static void set(long[] s, int at, BigInteger value) {
        if (value.bitLength() < 64) {
            set(s, at, value.longValue());
            return;
        }
        s[at] = value.longValue();
        s[at + 1] = value.shiftRight(64).longValue();
        s[at + 2] = value.shiftRight(128).longValue();
        s[at + 3] = value.shiftRight(192).longValue();
    }

    static BigInteger toBigInteger(long[] s, int at) {
        if ((s[at + 1] | s[at + 2] | s[at + 3]) == 0 && s[at] >= 0) {
            return BigInteger.valueOf(s[at]);
        }
        return new BigInteger(1, toBytes(s, at).toArray());
    }

    static boolean isZero(long[] s, int at) {
        return (s[at] | s[at + 1] | s[at + 2] | s[at + 3]) == 0;
    }

    /** The number when it is below 2^63, else 2^63 - 1. */
    static long saturated(long[] s, int at) {
        return (s[at + 1] | s[at + 2] | s[at + 3]) != 0 || s[at] < 0 ? Long.MAX_VALUE : s[at];
    }

    static boolean isLess(long[] s, int a, int b) {
        if (s[a + 3] != s[b + 3]) {
            return Long.compareUnsigned(s[a + 3], s[b + 3]) < 0;
        }
        if (s[a + 2] != s[b + 2]) {
            return Long.compareUnsigned(s[a + 2], s[b + 2]) < 0;
        }
        if (s[a + 1] != s[b + 1]) {
            return Long.compareUnsigned(s[a + 1], s[b + 1]) < 0;
        }
        return Long.compareUnsigned(s[a], s[b]) < 0;
    }

    static boolean isSignedLess(long[] s, int a, int b) {
        return s[a + 3] != s[b + 3] && (s[a + 3] ^ s[b + 3]) < 0 ? s[a + 3] < 0 : isLess(s, a, b);
    }

    /** The word at {@code to} shifted left by the word at {@code by}. */
    static void shiftLeft(long[] s, int by, int to) {
        if ((s[by + 1] | s[by + 2] | s[by + 3]) != 0 || Long.compareUnsigned(s[by], 255) > 0) {
            set(s, to, 0);
            return;
        }
        int limbs = (int) s[by] >> 6;
        int bits = (int) s[by] & 63;
        for (int i = 3; i >= 0; i--) {
            long high = i - limbs >= 0 ? s[to + i - limbs] << bits : 0;
            long low = bits != 0 && i - limbs - 1 >= 0 ? s[to + i - limbs - 1] >>> 64 - bits : 0;
            s[to + i] = high | low;
        }
    }

    /** The word at {@code to} shifted right by the word at {@code by}, filled with copies of its sign or with zeros. */
    static void shiftRight(long[] s, int by, int to, boolean signed) {
        long fill = signed ? s[to + 3] >> 63 : 0;
        if ((s[by + 1] | s[by + 2] | s[by + 3]) != 0 || Long.compareUnsigned(s[by], 255) > 0) {
            s[to] = fill;
            s[to + 1] = fill;
            s[to + 2] = fill;
            s[to + 3] = fill;
            return;
        }
        int limbs = (int) s[by] >> 6;
        int bits = (int) s[by] & 63;
        for (int i = 0; i < 4; i++) {
            long low = i + limbs < 4 ? s[to + i + limbs] : fill;
            long high = i + limbs + 1 < 4 ? s[to + i + limbs + 1] : fill;
            s[to + i] = bits == 0 ? low : low >>> bits | high << 64 - bits;
        }
    }

    /** BYTE: the byte of the word at {@code to} whose index, from the most significant, stands at {@code index}. */
    static void byteAt(long[] s, int index, int to) {
        long value = 0;
        if ((s[index + 1] | s[index + 2] | s[index + 3]) == 0 && Long.compareUnsigned(s[index], 32) < 0) {
            int fromLow = 31 - (int) s[index];
            value = s[to + (fromLow >> 3)] >>> (fromLow & 7) * 8 & 0xff;
        }
        set(s, to, value);
    }

    /** SIGNEXTEND: spreads the sign of the byte whose index, from the least significant, stands at {@code index}. */
    static void signExtend(long[] s, int index, int to) {
        if ((s[index + 1] | s[index + 2] | s[index + 3]) != 0 || Long.compareUnsigned(s[index], 31) >= 0) {
            return;
        }
        int limb = (int) s[index] >> 3;
        int unused = 56 - ((int) s[index] & 7) * 8;
        long extended = s[to + limb] << unused >> unused;
        s[to + limb] = extended;
        for (int i = limb + 1; i < 4; i++) {
            s[to + i] = extended >> 63;
        }
    }

    /** CLZ (EIP-7939): the leading zero bits of the word in place. */
    static void leadingZeros(long[] s, int at) {
        int zeros = 0;
        for (int i = 3; i >= 0 && zeros == (3 - i) * 64; i--) {
            zeros += Long.numberOfLeadingZeros(s[at + i]);
        }
        set(s, at, zeros);
    }

    /** Reads the operand of a PUSH of 1 to 32 bytes; the code is padded. */
    static void loadPush(byte[] code, int from, int length, long[] s, int at) {
        load(code, from, s, at);
        int unused = 256 - length * 8;
        int limbs = unused >> 6;
        int bits = unused & 63;
        for (int i = 0; i < 4; i++) {
            long low = i + limbs < 4 ? s[at + i + limbs] : 0;
            long high = i + limbs + 1 < 4 ? s[at + i + limbs + 1] : 0;
            s[at + i] = bits == 0 ? low : low >>> bits | high << 64 - bits;
        }
    }

    /** Reads 32 bytes of a buffer from an offset that may lie beyond it; what is missing is zero. */
    static void loadPadded(byte[] source, long[] s, int at) {
        long from = saturated(s, at);
        if (from <= source.length - 32) {
            load(source, (int) from, s, at);
        } else if (from >= source.length) {
            set(s, at, 0);
        } else {
            byte[] padded = new byte[32];
            System.arraycopy(source, (int) from, padded, 0, source.length - (int) from);
            load(padded, 0, s, at);
        }
    }
}
