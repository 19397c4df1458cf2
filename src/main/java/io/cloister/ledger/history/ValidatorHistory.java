package io.cloister.ledger.history;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Opening;
import io.cloister.consensus.ValidatorSet;
import io.cloister.ledger.Context;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.View;
import java.util.List;
import java.util.Optional;

/**
 * The log of all validator sets in the frame's part of the state. Entries stay for ever and are proved under the root; the
 * sets themselves stay until they have been out of force for {@link #KEPT} blocks.
 */
public final class ValidatorHistory {
    /** For how many blocks a set is kept after its last one, so that what it signed can be judged. */
    public static final int KEPT = 1_000;

    /** Where the frontier stands: u64 size, 32 root, list of peaks. */
    public static final Bytes FRONTIER = Bytes.utf8("history");

    private static final Bytes ENTRY = Bytes.utf8("history/entry/");
    private static final Bytes SET = Bytes.utf8("history/set/");
    private static final int DROPPED_A_BLOCK = 4;

    private ValidatorHistory() {}

    public static Frontier frontier(View anyModule) {
        return frame(anyModule).get(FRONTIER).map(Frontier::decode).orElse(Frontier.EMPTY);
    }

    public static Optional<SetEntry> entry(View anyModule, long index) {
        return frame(anyModule).get(key(ENTRY, index)).map(SetEntry::decode);
    }

    /** The entry that says who decided a height in an epoch. */
    public static Optional<SetEntry> at(View anyModule, long epoch, long height) {
        long below = 0;
        long above = frontier(anyModule).size();
        while (below < above) { // entries before `below` are not after the wanted place, those from `above` on are
            long middle = (below + above) >>> 1;
            if (entry(anyModule, middle).orElseThrow().isAfter(epoch, height)) {
                above = middle;
            } else {
                below = middle + 1;
            }
        }
        return below == 0 ? Optional.empty() : entry(anyModule, below - 1).filter(it -> it.epoch() == epoch);
    }

    /** The set of an entry, as long as it is kept. */
    public static Optional<ValidatorSet> set(View anyModule, SetEntry entry) {
        return frame(anyModule).get(key(SET, entry.index())).map(encoded -> {
            Reader in = new Reader(encoded);
            ValidatorSet set = ValidatorSet.decode(in);
            in.end();
            return set;
        });
    }

    /** Writes that a set is in force from a height on. */
    public static void append(Context frame, long height, long epoch, ValidatorSet set) {
        Frontier before = frontier(frame);
        SetEntry entry = new SetEntry(before.size(), height, epoch, set.hash());
        frame.put(key(ENTRY, entry.index()), entry.encode());
        frame.put(key(SET, entry.index()), set.encode());
        frame.put(FRONTIER, before.append(entry.encode()).encode());
    }

    /**
     * Writes that an epoch was opened. When its first own block is not the first that it decided, the block before has an
     * entry as well: the new keys decided it.
     *
     * @param set that decides the block of this context
     */
    public static void opened(Context frame, Opening opening, ValidatorSet set) {
        long first = opening.baseHeight() + 1;
        if (first < frame.height()) {
            newest(frame, first)
                    .flatMap(it -> set(frame, it))
                    .flatMap(it -> KeyClaim.replaced(it, opening.claims()))
                    .ifPresent(it -> append(frame, first, opening.epoch(), it));
        }
        append(frame, frame.height(), opening.epoch(), set);
    }

    /** The last entry of whatever epoch that was in force at a height. */
    private static Optional<SetEntry> newest(View frame, long height) {
        for (long index = frontier(frame).size() - 1; index >= 0; index--) {
            Optional<SetEntry> entry = entry(frame, index).filter(it -> it.height() <= height);
            if (entry.isPresent()) {
                return entry;
            }
        }
        return Optional.empty();
    }

    /** Drops sets that are out of force for long. */
    public static void prune(Context frame) {
        for (int i = 0; i < DROPPED_A_BLOCK; i++) {
            List<Bytes> oldest = List.copyOf(frame.scan(SET, 2).keySet());
            boolean over =
                    oldest.size() == 2 && entryOf(frame, oldest.getLast()).height() <= frame.height() - KEPT;
            if (!over) {
                return;
            }
            frame.remove(oldest.getFirst());
        }
    }

    private static SetEntry entryOf(View frame, Bytes setKey) {
        Bytes index = setKey.slice(SET.length(), Long.BYTES);
        return frame.get(Bytes.concat(ENTRY, index)).map(SetEntry::decode).orElseThrow();
    }

    private static View frame(View anyModule) {
        return anyModule.module(Ledger.FRAME);
    }

    private static Bytes key(Bytes prefix, long index) {
        return Bytes.concat(prefix, new Writer().u64(index).toBytes());
    }
}
