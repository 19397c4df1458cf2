package io.cloister.ledger.membership;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.ledger.Context;
import io.cloister.ledger.View;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The nodes to whom shares of the keys were dealt. So many of them have to stay in their seats that the keys can be used and
 * dealt anew.
 */
final class Holders {
    private static final Bytes PREFIX = Bytes.utf8("holder/");
    private static final int LEAST_MEMBERS = 4;
    private static final int MAX = 1_000;

    private Holders() {}

    static void deal(Context context, List<Member> members) {
        members.forEach(it -> context.put(key(it.slot()), it.nodeId()));
    }

    /** Slots that have shares, in order. */
    static List<Integer> slots(View anyModule) {
        return List.copyOf(all(anyModule).keySet());
    }

    /** Whether enough would be left when a slot loses its seat: four members, and n - t of those who hold shares. */
    static boolean canLose(View anyModule, int slot) {
        long leaving = PendingChanges.all(anyModule).stream()
                .filter(it -> it.removes() && it.slot() != slot)
                .count();
        boolean seated = Members.at(anyModule, slot).isPresent();
        long left = Members.all(anyModule).size() - leaving - (seated ? 1 : 0);
        return left >= LEAST_MEMBERS && areEnoughWithout(anyModule, slot);
    }

    /** Whether n - t nodes that hold shares stay in their seats when this slot's does not. */
    static boolean areEnoughWithout(View anyModule, int slot) {
        SortedMap<Integer, Bytes> dealt = all(anyModule);
        long left = dealt.entrySet().stream()
                .filter(it -> it.getKey() != slot && stays(anyModule, it.getKey(), it.getValue()))
                .count();
        return left >= dealt.size() - (dealt.size() - 1) / 3;
    }

    private static boolean stays(View anyModule, int slot, Bytes nodeId) {
        boolean going = PendingChanges.at(anyModule, slot)
                .filter(it -> !it.isOf(nodeId))
                .isPresent();
        return !going
                && Members.at(anyModule, slot)
                        .filter(it -> it.nodeId().equals(nodeId))
                        .isPresent();
    }

    private static SortedMap<Integer, Bytes> all(View anyModule) {
        SortedMap<Integer, Bytes> holders = new TreeMap<>();
        anyModule
                .module(Members.MODULE)
                .scan(PREFIX, MAX)
                .forEach((key, nodeId) ->
                        holders.put(new Reader(key.slice(PREFIX.length(), Short.BYTES)).u16(), nodeId));
        return holders;
    }

    private static Bytes key(int slot) {
        return Bytes.concat(PREFIX, new Writer().u16(slot).toBytes());
    }
}
