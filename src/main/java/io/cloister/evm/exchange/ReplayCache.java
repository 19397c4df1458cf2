package io.cloister.evm.exchange;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.evm.exchange.ServingKey.Freshness;
import java.security.SecureRandom;

/**
 * Remembers every encapsulated key that a sealed request has come with, for as long as the key lives that it was sealed
 * to: an answer is sealed under a key and nonce that follow from it, so it may be used for one answer only. Nothing is
 * ever forgotten; when the cache is full, no more is taken.
 *
 * <p>Keeps 64 bits of a hash under a random salt for each, so that nobody can prepare two that collide.
 */
final class ReplayCache {
    /** Eight bytes each, at most half full. */
    private static final int MAX = 1 << 20;

    private static final int FIRST_SLOTS = 1 << 10;

    private final Bytes salt;
    private final int max;
    private long[] slots = new long[FIRST_SLOTS];
    private int size;

    ReplayCache() {
        this(MAX);
    }

    ReplayCache(int max) {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.salt = Bytes.wrap(random);
        this.max = max;
    }

    synchronized Freshness add(Bytes encapsulated) {
        long tag = tag(encapsulated);
        int at = find(slots, tag);
        if (slots[at] == tag) {
            return Freshness.SEEN;
        }
        if (size >= max) {
            return Freshness.FULL;
        }
        slots[at] = tag;
        size++;
        if (2 * size > slots.length) {
            grow();
        }
        return Freshness.NEW;
    }

    private void grow() {
        long[] larger = new long[2 * slots.length];
        for (long tag : slots) {
            if (tag != 0) {
                larger[find(larger, tag)] = tag;
            }
        }
        slots = larger;
    }

    /** The slot that holds the tag, or the free one where it belongs. */
    private static int find(long[] in, long tag) {
        int at = (int) (tag & (in.length - 1));
        while (in[at] != 0 && in[at] != tag) {
            at = (at + 1) & (in.length - 1);
        }
        return at;
    }

    /** Zero marks a free slot, so it stands for one. */
    private long tag(Bytes encapsulated) {
        Bytes hash = Hashes.sha256(salt, encapsulated);
        long tag = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            tag = tag << 8 | hash.at(i) & 0xff;
        }
        return tag == 0 ? 1 : tag;
    }
}
