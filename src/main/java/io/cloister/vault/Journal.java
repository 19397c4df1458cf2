package io.cloister.vault;

import io.cloister.codec.Bytes;
import java.util.List;

/**
 * An append-only, hash-chained sequence of sealed entries, numbered from 1. One instance is the only writer of its
 * journal. Thread-safe.
 */
public interface Journal {
    /** The longest entry, in bytes. */
    int MAX_ENTRY = 8 << 20;

    /** An entry to be; {@code kind} is public (but authenticated) and in the range of u16, the body is sealed. */
    record Entry(int kind, Bytes body) {
        public Entry {
            if (kind < 0 || kind > 0xffff) {
                throw new IllegalArgumentException("kind " + kind);
            }
            if (body.length() > MAX_ENTRY) {
                throw new IllegalArgumentException("an entry of " + body.length() + " bytes");
            }
        }
    }

    /**
     * Appends one entry; it is durable when this returns.
     *
     * @return its sequence number
     * @throws VaultException when it is not known to be durable; the journal then looks at the database before it goes
     *     on
     */
    long append(int kind, Bytes entry);

    /** Appends several entries with one commit, all or none. Returns the number of the last one. */
    long appendAll(List<Entry> entries);

    /**
     * Verifies everything that is kept, and hands on the entries from {@code fromSeq} (or from the first one kept). No
     * entry may be acted upon before this returns: a missing tail is noticed only at the end.
     *
     * @throws TamperedException naming the sequence number as key (u64)
     */
    void replay(long fromSeq, EntryConsumer consumer);

    /**
     * Forgets all entries below {@code seq}; the rest stays verifiable.
     *
     * @throws IllegalArgumentException above {@code last() + 1}
     */
    void truncateBefore(long seq);

    /** The number of the last entry ever appended, 0 when there was none. */
    long last();
}
