package io.cloister.evm;

import io.cloister.codec.Bytes;

/** One storage slot of one account: its key, its value before the transaction and its value now, four limbs each. */
final class Slot {
    final long key0;
    final long key1;
    final long key2;
    final long key3;
    long original0;
    long original1;
    long original2;
    long original3;
    long value0;
    long value1;
    long value2;
    long value3;
    boolean warm;
    boolean loaded;

    Slot(long key0, long key1, long key2, long key3) {
        this.key0 = key0;
        this.key1 = key1;
        this.key2 = key2;
        this.key3 = key3;
    }

    void load(long[] word) {
        loaded = true;
        original0 = value0 = word[0];
        original1 = value1 = word[1];
        original2 = value2 = word[2];
        original3 = value3 = word[3];
    }

    void set(long v0, long v1, long v2, long v3) {
        value0 = v0;
        value1 = v1;
        value2 = v2;
        value3 = v3;
    }

    boolean holds(long v0, long v1, long v2, long v3) {
        return value0 == v0 && value1 == v1 && value2 == v2 && value3 == v3;
    }

    boolean isZero() {
        return (value0 | value1 | value2 | value3) == 0;
    }

    boolean originalIsZero() {
        return (original0 | original1 | original2 | original3) == 0;
    }

    boolean isOriginal() {
        return holds(original0, original1, original2, original3);
    }

    boolean originalIs(long v0, long v1, long v2, long v3) {
        return original0 == v0 && original1 == v1 && original2 == v2 && original3 == v3;
    }

    Bytes key() {
        return Words.toBytes(key0, key1, key2, key3);
    }

    Bytes original() {
        return Words.toBytes(original0, original1, original2, original3);
    }

    Bytes value() {
        return Words.toBytes(value0, value1, value2, value3);
    }
}
