package io.cloister.ledger.membership;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.ledger.Context;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.View;
import java.util.Optional;

/**
 * A member whose evidence became too old loses its seat. It has some blocks to renew it first: after a long halt the evidence
 * of everybody is old.
 */
final class Expiry {
    /** How many blocks a member has to renew evidence that was found too old. */
    static final int GRACE = 200;

    private Expiry() {}

    static void endBlock(Context context) {
        long age = Members.rules(context).evidenceAgeMillis();
        if (age > 0) {
            Members.all(context).forEach(it -> examine(context, it.slot(), age));
        }
    }

    /** Whether a member should renew its evidence: it has reached half the age. */
    static boolean isRefreshDue(View anyModule, int slot) {
        long age = Members.rules(anyModule).evidenceAgeMillis();
        return age > 0
                && Attested.of(anyModule, slot)
                        .filter(it -> it.isOlder(age / 2, Ledger.timeMillis(anyModule)))
                        .isPresent();
    }

    private static void examine(Context context, int slot, long age) {
        Optional<Attested> found = Attested.of(context, slot).filter(it -> it.isOlder(age, context.timeMillis()));
        if (found.isEmpty() || PendingChanges.at(context, slot).isPresent()) {
            return;
        }
        Attested old = found.get();
        Bytes data = new Writer().u16(slot).toBytes();
        if (old.overdue() == 0) {
            old.overdueSince(context.height()).put(context, slot);
            context.emit("membership.evidence-overdue", data);
        } else if (context.height() - old.overdue() >= GRACE) {
            exclude(context, slot, old, data);
        }
    }

    private static void exclude(Context context, int slot, Attested old, Bytes data) {
        if (Holders.canLose(context, slot)) {
            if (PendingChanges.hasRoom(context, slot)) {
                PendingChanges.put(context, slot, Optional.empty());
                context.emit("membership.expiry-ordered", data);
            }
        } else if (!old.alarmed()) {
            old.withAlarm().put(context, slot);
            context.emit("membership.alarm-expired-stays", data);
        }
    }
}
