package io.cloister.node.steps;

import io.cloister.attestation.Attester;
import io.cloister.attestation.BootKeySet;
import io.cloister.codec.Bytes;
import io.cloister.ledger.Committed;
import io.cloister.ledger.LedgerClient;
import io.cloister.ledger.LedgerListener;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.View;
import io.cloister.ledger.membership.Members;
import io.cloister.ledger.membership.MembershipModule;
import io.cloister.ledger.membership.Refresh;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Renews this boot's evidence in the ledger before it is too old: from half the greatest age on, again and again until the
 * ledger has taken it.
 */
final class Refresher implements LedgerListener {
    private static final System.Logger LOG = System.getLogger(Refresher.class.getName());
    private static final long BLOCKS_BETWEEN = 30;

    private final int slot;
    private final BootKeySet keys;
    private final Attester attester;
    private final LedgerClient ledger;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicLong notBefore = new AtomicLong();

    Refresher(int slot, BootKeySet keys, Attester attester, LedgerClient ledger) {
        this.slot = slot;
        this.keys = keys;
        this.attester = attester;
        this.ledger = ledger;
    }

    @Override
    public void committed(Committed committed) {
        View state = committed.state();
        long height = committed.block().height();
        boolean due = Members.isRefreshDue(state, slot) && ReKeyer.isInForce(state, slot, keys);
        if (due && height >= notBefore.get() && busy.compareAndSet(false, true)) {
            notBefore.set(height + BLOCKS_BETWEEN);
            order(height, committed.block().id());
        }
    }

    private void order(long height, Bytes blockId) {
        attester.attest(Refresh.leaf(keys.chainId(), slot, height, blockId))
                .thenCompose(evidence -> ledger.submit(
                        Members.MODULE, MembershipModule.REFRESH, new Refresh(height, blockId, evidence).encode()))
                .whenComplete(this::done);
    }

    private void done(@Nullable Receipt receipt, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.log(System.Logger.Level.WARNING, "the evidence is not renewed yet: {0}", failure.getMessage());
        } else if (receipt != null && !receipt.succeeded()) {
            LOG.log(System.Logger.Level.ERROR, "new evidence was refused: {0}", receipt.code());
        }
        busy.set(false);
    }
}
