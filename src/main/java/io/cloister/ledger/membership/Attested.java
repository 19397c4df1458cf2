package io.cloister.ledger.membership;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.ledger.Context;
import io.cloister.ledger.View;
import java.util.Optional;

/**
 * Since when a member's evidence is known.
 *
 * @param atMillis block time at which the ledger took it
 * @param overdue height at whose end it was found too old; 0 as long as it is not
 * @param alarmed whether people were told that the member stays all the same
 */
record Attested(long atMillis, long overdue, boolean alarmed) {
    private static final Bytes PREFIX = Bytes.utf8("attested/");

    static Optional<Attested> of(View anyModule, int slot) {
        return anyModule.module(Members.MODULE).get(key(slot)).map(Attested::decode);
    }

    static void now(Context context, int slot) {
        new Attested(context.timeMillis(), 0, false).put(context, slot);
    }

    static void forget(Context context, int slot) {
        context.remove(key(slot));
    }

    void put(Context context, int slot) {
        context.put(
                key(slot), new Writer().u64(atMillis).u64(overdue).bool(alarmed).toBytes());
    }

    Attested overdueSince(long height) {
        return new Attested(atMillis, height, alarmed);
    }

    Attested withAlarm() {
        return new Attested(atMillis, overdue, true);
    }

    boolean isOlder(long millis, long nowMillis) {
        return nowMillis - atMillis > millis;
    }

    private static Attested decode(Bytes encoded) {
        Reader in = new Reader(encoded);
        Attested attested = new Attested(in.u64(), in.u64(), in.bool());
        in.end();
        return attested;
    }

    private static Bytes key(int slot) {
        return Bytes.concat(PREFIX, new Writer().u16(slot).toBytes());
    }
}
