package io.cloister.ledger.state;

import io.cloister.codec.Bytes;

/**
 * Keys as bit strings in which none is the beginning of another: each byte is preceded by a one bit and the end of the
 * key is a zero bit, so the order of bit strings is the order of keys.
 */
final class KeyBits {
    private static final int BITS_PER_BYTE = 9;

    private KeyBits() {}

    static boolean isSet(Bytes key, int bit) {
        int index = bit / BITS_PER_BYTE;
        int within = bit % BITS_PER_BYTE;
        if (index >= key.length()) {
            return false;
        }
        return within == 0 || (key.at(index) >> (8 - within) & 1) == 1;
    }

    /** First bit in which two different keys differ. */
    static int firstDifference(Bytes a, Bytes b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            int difference = (a.at(i) ^ b.at(i)) & 0xFF;
            if (difference != 0) {
                return i * BITS_PER_BYTE + 1 + Integer.numberOfLeadingZeros(difference) - 24;
            }
        }
        return common * BITS_PER_BYTE;
    }
}
