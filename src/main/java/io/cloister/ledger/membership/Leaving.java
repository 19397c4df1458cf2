package io.cloister.ledger.membership;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.ledger.Context;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.Transaction;
import io.cloister.ledger.View;
import java.util.Optional;

/** An operator takes its own node out. */
final class Leaving {
    private Leaving() {}

    /** The sender itself, when it operates the slot. */
    static Optional<Bytes> guarantor(Transaction transaction, View state) {
        try {
            Leave leave = decode(transaction);
            Operators.requireOrder(state, leave.slot(), transaction.sender(), leave.number());
            return Optional.of(transaction.sender());
        } catch (Refusal e) {
            return Optional.empty();
        }
    }

    static void check(Transaction transaction, View state) throws Refusal {
        Leave leave = decode(transaction);
        Operators.requireOrder(state, leave.slot(), transaction.sender(), leave.number());
        if (Members.at(state, leave.slot())
                .filter(it -> it.nodeId().equals(leave.nodeId()))
                .isEmpty()) {
            throw new Refusal("unknown-slot", "slot " + leave.slot() + " is not that node's");
        }
    }

    static void execute(Transaction transaction, Context context) throws Refusal {
        check(transaction, context);
        Leave leave = decode(transaction);
        Proposals.requireNone(context);
        if (!Holders.canLose(context, leave.slot())) {
            throw new Refusal("too-few-holders", "too few members or holders of shares would be left");
        }
        Operators.put(context, leave.slot(), transaction.sender(), leave.number());
        Proposals.propose(context, leave.slot(), Optional.empty());
    }

    private static Leave decode(Transaction transaction) throws Refusal {
        try {
            return Leave.decode(transaction.body());
        } catch (CodecException e) {
            throw new Refusal("malformed", String.valueOf(e.getMessage()));
        }
    }
}
