package io.cloister.node.steps;

import io.cloister.attestation.Attester;
import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Evidence;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.Committed;
import io.cloister.ledger.LedgerClient;
import io.cloister.ledger.LedgerListener;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.View;
import io.cloister.ledger.membership.Member;
import io.cloister.ledger.membership.Members;
import io.cloister.ledger.membership.MembershipModule;
import io.cloister.ledger.membership.ReKey;
import io.cloister.node.boot.BootContext;
import io.cloister.node.steps.GenesisStep.Seat;
import io.cloister.vault.hibernate.Transactions;
import io.cloister.vault.identity.IdentityStore;
import io.cloister.vault.identity.NodeIdentity;
import io.cloister.vault.store.Vault;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A restarted node's first transaction: as long as the ledger knows an older boot of this slot, this boot's keys are put
 * forward, with evidence over the newest final block. A boot that the ledger has left behind can never vote again; it says
 * so.
 */
final class ReKeyer implements LedgerListener {
    private static final System.Logger LOG = System.getLogger(ReKeyer.class.getName());
    private static final Duration AGAIN = Duration.ofSeconds(10);

    private final int slot;
    private final SigningKey slotKey;
    private final BootKeySet keys;
    private final Attester attester;
    private final LedgerClient ledger;
    private final LongConsumer raise;
    private final AtomicReference<Optional<String>> fenced = new AtomicReference<>(Optional.empty());
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicLong notBefore = new AtomicLong(System.nanoTime());

    /** @param raise makes the next boot's counter higher than this, durably */
    ReKeyer(int slot, SigningKey slotKey, BootKeySet keys, Attester attester, LedgerClient ledger, LongConsumer raise) {
        this.slot = slot;
        this.slotKey = slotKey;
        this.keys = keys;
        this.attester = attester;
        this.ledger = ledger;
        this.raise = raise;
    }

    static ReKeyer of(BootContext context) {
        return new ReKeyer(
                context.get(Seat.class).slot(),
                context.get(NodeIdentity.class).slotKey(),
                context.get(BootKeySet.class),
                context.get(Attester.class),
                context.get(LedgerClient.class),
                new IdentityStore(context.get(Vault.class), context.get(Transactions.class))::raise);
    }

    @Override
    public void committed(Committed committed) {
        View state = committed.state();
        boolean idle = isInForce(state, slot, keys) || Members.isChanging(state, slot) || isFenced(state);
        if (!idle && System.nanoTime() - notBefore.get() > 0 && busy.compareAndSet(false, true)) {
            order(
                    committed.block().header().height(),
                    committed.block().header().id());
        }
    }

    /** Whether the slot votes with this boot's key. */
    static boolean isInForce(View state, int slot, BootKeySet keys) {
        return Members.at(state, slot)
                .filter(member -> member.voteKey().equals(keys.voteKey33()))
                .isPresent();
    }

    private boolean isFenced(View state) {
        Optional<Member> member = Members.at(state, slot);
        if (member.isEmpty()) {
            fence("slot " + slot + " has lost its seat");
        } else if (member.get().bootCounter() >= keys.bootCounter()) {
            long known = member.get().bootCounter();
            if (fence("rollback detected, or a second instance of this node: the ledger knows boot " + known
                    + " of slot " + slot + ", and this is boot " + keys.bootCounter() + "; start again")) {
                CompletableFuture.runAsync(() -> raise.accept(known));
            }
        }
        return fenced.get().isPresent();
    }

    private boolean fence(String cause) {
        boolean first = fenced.compareAndSet(Optional.empty(), Optional.of(cause));
        if (first) {
            LOG.log(System.Logger.Level.ERROR, cause);
        }
        return first;
    }

    /** Why this boot can never vote, if so. */
    Optional<String> fenced() {
        return fenced.get();
    }

    private void order(long height, Bytes blockId) {
        attester.attest(ReKey.leaf(keys.chainId(), slot, height, blockId))
                .thenCompose(evidence ->
                        ledger.submit(Members.MODULE, MembershipModule.RE_KEY, body(height, blockId, evidence)))
                .whenComplete(this::done);
    }

    private Bytes body(long height, Bytes blockId, Evidence evidence) {
        return ReKey.sign(slotKey, slot, height, blockId, evidence).encode();
    }

    private void done(@Nullable Receipt receipt, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the keys of this boot are not ordered yet: {0}",
                    failure.getMessage());
        } else if (receipt != null && !receipt.succeeded()) {
            LOG.log(System.Logger.Level.ERROR, "the keys of this boot were refused: {0}", receipt.code());
        }
        notBefore.set(System.nanoTime() + AGAIN.toNanos());
        busy.set(false);
    }
}
