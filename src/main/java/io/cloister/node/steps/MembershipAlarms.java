package io.cloister.node.steps;

import io.cloister.ledger.Committed;
import io.cloister.ledger.Event;
import io.cloister.ledger.LedgerListener;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.membership.Members;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what people have to decide: a member that should go and stays, since too few would be left. */
public final class MembershipAlarms implements LedgerListener {
    private static final System.Logger LOG = System.getLogger(MembershipAlarms.class.getName());
    private static final String ALARM = "membership.alarm-";
    private static final String TOO_FEW = "too-few-holders";

    private final AtomicLong count = new AtomicLong();

    @Override
    public void committed(Committed committed) {
        for (Receipt receipt : committed.receipts()) {
            if (receipt.module() == Members.MODULE && receipt.code().equals(TOO_FEW)) {
                raise(TOO_FEW);
            }
            receipt.events().stream()
                    .map(Event::name)
                    .filter(it -> it.startsWith(ALARM))
                    .forEach(this::raise);
        }
    }

    private void raise(String what) {
        count.incrementAndGet();
        LOG.log(System.Logger.Level.ERROR, "ALARM: {0}", what);
    }

    /** Since this node has started. */
    public long count() {
        return count.get();
    }
}
