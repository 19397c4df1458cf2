package io.cloister.ledger.membership;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.ledger.Context;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.View;
import java.util.Optional;
import java.util.stream.Stream;

/** Who operates which slot, and the number of the last order that each slot had from its operator. */
final class Operators {
    private static final Bytes PREFIX = Bytes.utf8("operator/");
    private static final int MAX = 1_000;

    private Operators() {}

    /** @param number of the last order, 0 before the first */
    record Operated(Bytes operator, long number) {
        Bytes encode() {
            return new Writer().fixed(operator).u64(number).toBytes();
        }

        static Operated decode(Bytes encoded) {
            Reader in = new Reader(encoded);
            Operated operated = new Operated(in.fixed(33), in.u64());
            in.end();
            return operated;
        }
    }

    static void put(Context context, int slot, Bytes operator, long number) {
        context.put(key(slot), new Operated(operator, number).encode());
    }

    static Optional<Operated> of(View anyModule, int slot) {
        return anyModule.module(Members.MODULE).get(key(slot)).map(Operated::decode);
    }

    /** Whether this key operates a slot, or did. */
    static boolean isKnown(View anyModule, Bytes operator) {
        return slots(anyModule, operator).findAny().isPresent();
    }

    /** How many members this operator has beside a slot. */
    static long seatsBeside(View anyModule, Bytes operator, int slot) {
        return slots(anyModule, operator)
                .filter(it -> it != slot && Members.at(anyModule, it).isPresent())
                .count();
    }

    /** Who orders something for a slot must be its operator, or any for a new slot, with a number above those before. */
    static void requireOrder(View state, int slot, Bytes operator, long number) throws Refusal {
        Optional<Operated> known = of(state, slot);
        Optional<Operated> holder = known.filter(it -> Members.isSlot(state, slot));
        if (!holder.map(it -> it.operator().equals(operator)).orElseGet(() -> isKnown(state, operator))) {
            throw new Refusal("not-the-operator", "slot " + slot + " is not this operator's");
        }
        if (number <= known.map(Operated::number).orElse(0L)) {
            throw new Refusal("order-not-newer", "a later order for slot " + slot + " was given");
        }
    }

    private static Stream<Integer> slots(View anyModule, Bytes operator) {
        return anyModule.module(Members.MODULE).scan(PREFIX, MAX).entrySet().stream()
                .filter(it -> Operated.decode(it.getValue()).operator().equals(operator))
                .map(it -> new Reader(it.getKey().slice(PREFIX.length(), Short.BYTES)).u16());
    }

    private static Bytes key(int slot) {
        return Bytes.concat(PREFIX, new Writer().u16(slot).toBytes());
    }
}
