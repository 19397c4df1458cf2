package io.cloister.codec.ethereum;

import io.cloister.codec.Bytes;

/** Half bytes of a trie's keys, and their hex-prefix encoding (Yellow Paper appendix C). */
final class Nibbles {
    private Nibbles() {}

    static byte[] of(Bytes key) {
        byte[] nibbles = new byte[key.length() * 2];
        for (int i = 0; i < key.length(); i++) {
            nibbles[2 * i] = (byte) (key.at(i) >>> 4 & 0xf);
            nibbles[2 * i + 1] = (byte) (key.at(i) & 0xf);
        }
        return nibbles;
    }

    static Bytes encode(byte[] nibbles, int from, int to, boolean leaf) {
        int length = to - from;
        byte[] encoded = new byte[length / 2 + 1];
        int odd = length & 1;
        encoded[0] = (byte) ((leaf ? 2 : 0) + odd << 4);
        if (odd == 1) {
            encoded[0] |= nibbles[from];
        }
        for (int i = from + odd, at = 1; i < to; i += 2, at++) {
            encoded[at] = (byte) (nibbles[i] << 4 | nibbles[i + 1]);
        }
        return Bytes.wrap(encoded);
    }
}
