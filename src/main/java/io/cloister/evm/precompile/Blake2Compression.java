package io.cloister.evm.precompile;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Optional;

/** BLAKE2b's compression function F with a chosen number of rounds (EIP-152, RFC 7693 section 3.2). */
final class Blake2Compression implements Precompile {
    private static final int LENGTH = 213;
    private static final VarHandle LITTLE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle BIG_INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private static final long[] IV = {
        0x6a09e667f3bcc908L, 0xbb67ae8584caa73bL, 0x3c6ef372fe94f82bL, 0xa54ff53a5f1d36f1L,
        0x510e527fade682d1L, 0x9b05688c2b3e6c1fL, 0x1f83d9abfb41bd6bL, 0x5be0cd19137e2179L
    };

    private static final String[] SCHEDULE = {
        "0123456789abcdef", "ea489fd61c02b753", "b8c052fdae367194", "7931dcbe265a40f8", "905724afe1bc683d",
        "2c6a0b834d75fe19", "c51fed4a0763928b", "db7ec13950f4862a", "6fe9b308c2d714a5", "a2847615fb9e3cd0"
    };
    private static final int[][] SIGMA = sigma();

    @Override
    public long gas(byte[] input) {
        return input.length == LENGTH ? (int) BIG_INT.get(input, 0) & 0xffff_ffffL : 0;
    }

    @Override
    public Optional<byte[]> run(byte[] input) {
        if (input.length != LENGTH || (input[LENGTH - 1] & 0xff) > 1) {
            return Optional.empty();
        }
        long rounds = (int) BIG_INT.get(input, 0) & 0xffff_ffffL;
        long[] h = new long[8];
        long[] m = new long[16];
        long[] v = new long[16];
        for (int i = 0; i < 8; i++) {
            h[i] = (long) LITTLE.get(input, 4 + 8 * i);
            v[i] = h[i];
            v[i + 8] = IV[i];
        }
        for (int i = 0; i < 16; i++) {
            m[i] = (long) LITTLE.get(input, 68 + 8 * i);
        }
        v[12] ^= (long) LITTLE.get(input, 196);
        v[13] ^= (long) LITTLE.get(input, 204);
        if (input[LENGTH - 1] == 1) {
            v[14] = ~v[14];
        }
        for (long round = 0; round < rounds; round++) {
            round(v, m, SIGMA[(int) (round % 10)]);
        }
        byte[] out = new byte[64];
        for (int i = 0; i < 8; i++) {
            LITTLE.set(out, 8 * i, h[i] ^ v[i] ^ v[i + 8]);
        }
        return Optional.of(out);
    }

    private static void round(long[] v, long[] m, int[] s) {
        mix(v, 0, 4, 8, 12, m[s[0]], m[s[1]]);
        mix(v, 1, 5, 9, 13, m[s[2]], m[s[3]]);
        mix(v, 2, 6, 10, 14, m[s[4]], m[s[5]]);
        mix(v, 3, 7, 11, 15, m[s[6]], m[s[7]]);
        mix(v, 0, 5, 10, 15, m[s[8]], m[s[9]]);
        mix(v, 1, 6, 11, 12, m[s[10]], m[s[11]]);
        mix(v, 2, 7, 8, 13, m[s[12]], m[s[13]]);
        mix(v, 3, 4, 9, 14, m[s[14]], m[s[15]]);
    }

    private static void mix(long[] v, int a, int b, int c, int d, long x, long y) {
        v[a] += v[b] + x;
        v[d] = Long.rotateRight(v[d] ^ v[a], 32);
        v[c] += v[d];
        v[b] = Long.rotateRight(v[b] ^ v[c], 24);
        v[a] += v[b] + y;
        v[d] = Long.rotateRight(v[d] ^ v[a], 16);
        v[c] += v[d];
        v[b] = Long.rotateRight(v[b] ^ v[c], 63);
    }

    private static int[][] sigma() {
        int[][] sigma = new int[SCHEDULE.length][];
        for (int i = 0; i < sigma.length; i++) {
            sigma[i] =
                    SCHEDULE[i].chars().map(digit -> Character.digit(digit, 16)).toArray();
        }
        return sigma;
    }
}
