package io.cloister.ledger.local;

import io.cloister.codec.Bytes;
import io.cloister.consensus.TransactionRefused;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.Committed;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.LedgerClient;
import io.cloister.ledger.LedgerListener;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.Transaction;
import io.cloister.ledger.View;
import io.cloister.ledger.membership.Members;
import io.cloister.ledger.membership.MembershipModule;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Submits transactions signed by this node and remembers whose receipts are waited for. What follows from an answer
 * runs on a thread of its own, never on the one that executes blocks.
 *
 * <p>A boot's first transaction is its re-key or that with which it joins: as long as its vote key is no validator's, nothing else is signed.
 */
public final class LocalLedger implements LedgerClient, LedgerListener {
    private static final int VALIDITY = 300;
    private static final int MAX_WAITING = 10_000;

    private final String chainId;
    private final Ledger ledger;
    private final SigningKey voteKey;
    private final Submitter submitter;
    private final Map<Bytes, Waiting> waiting = new ConcurrentHashMap<>();

    private record Waiting(long validUntil, CompletableFuture<Receipt> receipt) {}

    /** Takes an encoded transaction into the pool. */
    public interface Submitter {
        void submit(Bytes transaction) throws TransactionRefused;
    }

    public LocalLedger(String chainId, Ledger ledger, SigningKey voteKey, Submitter submitter) {
        this.chainId = chainId;
        this.ledger = ledger;
        this.voteKey = voteKey;
        this.submitter = submitter;
    }

    @Override
    public CompletableFuture<Receipt> submit(int module, int kind, Bytes body) {
        boolean opensSeat =
                module == Members.MODULE && (kind == MembershipModule.RE_KEY || kind == MembershipModule.JOIN);
        if (!opensSeat && !isInForce()) {
            return refused("vote-key-not-in-force", "the vote key of this boot is no validator's yet");
        }
        if (waiting.size() >= MAX_WAITING) {
            return refused("too-many-waiting", "this node waits for " + MAX_WAITING + " receipts already");
        }
        long validUntil = ledger.height() + VALIDITY;
        Transaction transaction = Transaction.sign(voteKey, chainId, module, kind, validUntil, body);
        Waiting entry = new Waiting(validUntil, new CompletableFuture<>());
        Waiting known = waiting.putIfAbsent(transaction.hash(), entry);
        if (known != null) {
            return known.receipt();
        }
        try {
            submitter.submit(transaction.encode());
        } catch (TransactionRefused e) {
            waiting.remove(transaction.hash());
            entry.receipt().completeExceptionally(new Refusal(e.code(), String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            waiting.remove(transaction.hash());
            entry.receipt().completeExceptionally(e);
        }
        return entry.receipt();
    }

    private boolean isInForce() {
        return Members.validators(ledger.state()).byVoteKey(voteKey.id()).isPresent();
    }

    @Override
    public View state() {
        return ledger.state();
    }

    @Override
    public long height() {
        return ledger.height();
    }

    @Override
    public void committed(Committed committed) {
        for (Receipt receipt : committed.receipts()) {
            Waiting entry = waiting.remove(receipt.transactionHash());
            if (entry != null) {
                entry.receipt().completeAsync(() -> receipt);
            }
        }
        long height = committed.block().header().height();
        Iterator<Waiting> entries = waiting.values().iterator();
        while (entries.hasNext()) {
            Waiting entry = entries.next();
            if (entry.validUntil() <= height) {
                entries.remove();
                Refusal expired = new Refusal("expired", "not ordered until " + entry.validUntil());
                entry.receipt().completeAsync(() -> {
                    throw new CompletionException(expired);
                });
            }
        }
    }

    private static CompletableFuture<Receipt> refused(String code, String detail) {
        return CompletableFuture.failedFuture(new Refusal(code, detail));
    }
}
