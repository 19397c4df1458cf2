package io.cloister.evm;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Slots by their 256-bit key, open addressing. The hash is a multiply-and-add over keys that are random for each
 * process, so that no stranger can choose slots that collide.
 */
final class SlotMap {
    private static final long[] SEED = seed();

    private @Nullable Slot[] table = new Slot[16];
    private int size;

    @Nullable
    Slot get(long key0, long key1, long key2, long key3) {
        int mask = table.length - 1;
        int at = hash(key0, key1, key2, key3) & mask;
        while (true) {
            Slot slot = table[at];
            if (slot == null || slot.key0 == key0 && slot.key1 == key1 && slot.key2 == key2 && slot.key3 == key3) {
                return slot;
            }
            at = at + 1 & mask;
        }
    }

    /** Adds a slot whose key is not there yet. */
    void add(Slot slot) {
        if (++size * 2 > table.length) {
            @Nullable Slot[] old = table;
            table = new Slot[old.length * 2];
            for (Slot each : old) {
                if (each != null) {
                    place(each);
                }
            }
        }
        place(slot);
    }

    void forEach(Consumer<Slot> action) {
        for (Slot slot : table) {
            if (slot != null) {
                action.accept(slot);
            }
        }
    }

    private void place(Slot slot) {
        int mask = table.length - 1;
        int at = hash(slot.key0, slot.key1, slot.key2, slot.key3) & mask;
        while (table[at] != null) {
            at = at + 1 & mask;
        }
        table[at] = slot;
    }

    private static int hash(long key0, long key1, long key2, long key3) {
        long mixed = (key0 + SEED[0]) * (key1 + SEED[1] | 1) + (key2 + SEED[2]) * (key3 + SEED[3] | 1);
        mixed *= SEED[4];
        return (int) (mixed >>> 32);
    }

    private static long[] seed() {
        SecureRandom random = new SecureRandom();
        long[] seed = new long[5];
        Arrays.setAll(seed, i -> random.nextLong() | (i == 4 ? 1 : 0));
        return seed;
    }
}
