package io.cloister.node.steps;

import io.cloister.attestation.Attester;
import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Evidence;
import io.cloister.codec.Bytes;
import io.cloister.ledger.Committed;
import io.cloister.ledger.LedgerClient;
import io.cloister.ledger.LedgerListener;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.View;
import io.cloister.ledger.membership.BootAnnouncement;
import io.cloister.ledger.membership.Members;
import io.cloister.ledger.membership.MembershipModule;
import io.cloister.node.boot.BootContext;
import io.cloister.node.steps.GenesisStep.Seat;
import io.cloister.vault.identity.NodeIdentity;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A restarted node's first transaction: as long as the ledger knows another boot of this slot, the new boot's keys are
 * announced, with evidence over the newest final block.
 */
final class Announcer implements LedgerListener {
    private static final System.Logger LOG = System.getLogger(Announcer.class.getName());
    private static final Duration AGAIN = Duration.ofSeconds(10);

    private final int slot;
    private final NodeIdentity identity;
    private final BootKeySet keys;
    private final Attester attester;
    private final LedgerClient ledger;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicLong notBefore = new AtomicLong(System.nanoTime());

    private Announcer(int slot, NodeIdentity identity, BootKeySet keys, Attester attester, LedgerClient ledger) {
        this.slot = slot;
        this.identity = identity;
        this.keys = keys;
        this.attester = attester;
        this.ledger = ledger;
    }

    static Announcer of(BootContext context) {
        return new Announcer(
                context.get(Seat.class).slot(),
                context.get(NodeIdentity.class),
                context.get(BootKeySet.class),
                context.get(Attester.class),
                context.get(LedgerClient.class));
    }

    @Override
    public void committed(Committed committed) {
        boolean due = !isKnown(committed.state(), slot, keys)
                && System.nanoTime() - notBefore.get() > 0
                && busy.compareAndSet(false, true);
        if (due) {
            announce(
                    committed.block().header().height(),
                    committed.block().header().id());
        }
    }

    /** Whether the ledger has this boot of the slot: its counter and the key that shares are encrypted to. */
    static boolean isKnown(View state, int slot, BootKeySet keys) {
        return Members.at(state, slot)
                .filter(member -> member.bootCounter() == keys.bootCounter()
                        && member.bootShareKey().equals(keys.shareKey33()))
                .isPresent();
    }

    private void announce(long height, Bytes blockId) {
        attester.attest(BootAnnouncement.leaf(keys.chainId(), slot, height, blockId))
                .thenCompose(evidence ->
                        ledger.submit(Members.MODULE, MembershipModule.ANNOUNCE_BOOT, body(height, blockId, evidence)))
                .whenComplete(this::done);
    }

    private Bytes body(long height, Bytes blockId, Evidence evidence) {
        return BootAnnouncement.sign(identity.slotKey(), slot, height, blockId, evidence)
                .encode();
    }

    private void done(@Nullable Receipt receipt, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.log(System.Logger.Level.WARNING, "this boot could not be announced yet: {0}", failure.getMessage());
        } else if (receipt != null && !receipt.succeeded()) {
            LOG.log(System.Logger.Level.ERROR, "the announcement of this boot was refused: {0}", receipt.code());
        }
        notBefore.set(System.nanoTime() + AGAIN.toNanos());
        busy.set(false);
    }
}
