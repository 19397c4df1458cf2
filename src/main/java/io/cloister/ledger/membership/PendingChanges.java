package io.cloister.ledger.membership;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.consensus.Validator;
import io.cloister.ledger.Context;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.View;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Changes of slots that are ordered and not in force: one a slot, and of so little weight together that a quorum of the old
 * set and one of the new set have an honest member in common.
 */
final class PendingChanges {
    private static final Bytes PREFIX = Bytes.utf8("pending/");
    private static final int MAX = 1_000;

    private PendingChanges() {}

    static List<PendingChange> all(View anyModule) {
        return anyModule.module(Members.MODULE).scan(PREFIX, MAX).values().stream()
                .map(PendingChange::decode)
                .toList();
    }

    static Optional<PendingChange> at(View anyModule, int slot) {
        return anyModule.module(Members.MODULE).get(key(slot)).map(PendingChange::decode);
    }

    static void remove(Context context, int slot) {
        context.remove(key(slot));
    }

    /** In place of the slot's earlier one. */
    static void order(Context context, int slot, Optional<Member> member) throws Refusal {
        if (!hasRoom(context, slot)) {
            throw new Refusal("too-many-changes", "changes of more than a third of the weight would be under way");
        }
        put(context, slot, member);
    }

    static void put(Context context, int slot, Optional<Member> member) {
        context.put(key(slot), new PendingChange(slot, context.height(), member).encode());
    }

    /**
     * Whether a slot may change beside the others: together they have at most a third of the weight, but one slot may always
     * change. A slot that joins counts as well.
     */
    static boolean hasRoom(Context context, int slot) {
        Set<Integer> slots = new HashSet<>(Set.of(slot));
        all(context).forEach(it -> slots.add(it.slot()));
        long weight = slots.stream()
                .mapToLong(it ->
                        context.validators().bySlot(it).map(Validator::weight).orElse(1L))
                .sum();
        return slots.size() == 1 || 3 * weight <= context.validators().totalWeight();
    }

    private static Bytes key(int slot) {
        return Bytes.concat(PREFIX, new Writer().u16(slot).toBytes());
    }
}
