package io.cloister.ledger.membership;

import io.cloister.codec.Bytes;
import io.cloister.ledger.Context;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.View;
import java.util.Optional;

/**
 * The first of the two phases in which the set of members changes: a change is recorded, and ordered when the committee that
 * it makes can sign. One at a time, since shares are dealt anew for one committee at a time.
 */
final class Proposals {
    private static final Bytes KEY = Bytes.utf8("proposed");

    private final CommitteeReadiness readiness;

    Proposals(CommitteeReadiness readiness) {
        this.readiness = readiness;
    }

    static Optional<PendingChange> current(View anyModule) {
        return anyModule.module(Members.MODULE).get(KEY).map(PendingChange::decode);
    }

    static void requireNone(View state) throws Refusal {
        if (current(state).isPresent()) {
            throw new Refusal("change-under-way", "another change of the members waits for its committee");
        }
    }

    static void propose(Context context, int slot, Optional<Member> member) {
        PendingChange change = new PendingChange(slot, context.height(), member);
        context.put(KEY, change.encode());
        context.emit("membership.change-proposed", change.encode());
    }

    /** At the end of each block. A port that fails has not said that the committee can sign. */
    void advance(Context context) {
        Optional<PendingChange> change = current(context);
        if (change.isEmpty()) {
            return;
        }
        PendingChange proposed = change.get();
        long waited = context.height() - proposed.ordered();
        if (isVoid(context, proposed) || waited >= Members.rules(context).readinessBlocks()) {
            cancel(context, proposed);
        } else {
            context.attempt(() -> activate(context, proposed));
        }
    }

    private void activate(Context context, PendingChange proposed) {
        boolean free = !Members.isChanging(context, proposed.slot());
        if (free && readiness.canSign(context, proposed) && PendingChanges.hasRoom(context, proposed.slot())) {
            context.remove(KEY);
            Optional<Member> member =
                    proposed.member().map(it -> it.activeFrom(PendingChange.inForce(context.height())));
            PendingChanges.put(context, proposed.slot(), member);
            context.emit("membership.change-ordered", proposed.encode());
        }
    }

    private static void cancel(Context context, PendingChange proposed) {
        context.remove(KEY);
        context.emit("membership.change-cancelled", proposed.encode());
    }

    /** What has happened since may have taken the slot, the key, or those who have to stay. */
    private static boolean isVoid(Context context, PendingChange proposed) {
        int slot = proposed.slot();
        boolean leaves =
                PendingChanges.at(context, slot).filter(PendingChange::removes).isPresent();
        if (leaves) {
            return true;
        }
        Optional<Member> before = Members.at(context, slot);
        return proposed.member()
                .map(it -> Members.isTaken(context, it)
                        || !isNewer(context, it)
                        || (before.isPresent() && !Holders.areEnoughWithout(context, slot)))
                .orElseGet(() -> before.isEmpty() || !Holders.canLose(context, slot));
    }

    private static boolean isNewer(Context context, Member member) {
        return member.bootCounter() > Members.lastBoot(context, member.slot());
    }
}
