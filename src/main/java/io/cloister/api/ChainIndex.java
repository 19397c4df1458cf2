package io.cloister.api;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.Header;
import io.cloister.ledger.Committed;
import io.cloister.ledger.Event;
import io.cloister.ledger.LedgerListener;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.View;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The receipts of the last {@value #KEPT} blocks that became final in this boot, found by transaction. The ledger keeps
 * receipts as a root in the header only, so what happened before the boot is not served by this node.
 */
@ApplicationScoped
public class ChainIndex implements LedgerListener {
    private static final int KEPT = 4_096;

    /** First bytes of the event's data: txid in wire order and the output's index. */
    private static final int OUTPOINT = 36;

    private static final String MINT_SIGNED = "bridge.mint-signed";

    private final int kept;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final Map<Long, Entry> byHeight = new HashMap<>();
    private final Map<Bytes, Receipt> byTransaction = new HashMap<>();
    private final Map<Bytes, Bytes> mints = new HashMap<>();
    private Optional<View> state = Optional.empty();

    public ChainIndex() {
        this(KEPT);
    }

    ChainIndex(int kept) {
        this.kept = kept;
    }

    /** A final block with all its receipts, which make up the header's receipts root in their order. */
    record Entry(Header header, Certificate certificate, int transactions, List<Receipt> receipts) {}

    @Override
    public synchronized void committed(Committed committed) {
        Entry entry = new Entry(
                committed.block().header(),
                committed.certificate(),
                committed.block().transactions().size(),
                committed.receipts());
        entries.add(entry);
        byHeight.put(entry.header().height(), entry);
        for (Receipt receipt : entry.receipts()) {
            if (!receipt.transactionHash().isEmpty()) {
                byTransaction.put(receipt.transactionHash(), receipt);
            }
            signedOutpoints(receipt).forEach(outpoint -> mints.put(outpoint, receipt.transactionHash()));
        }
        if (entries.size() > kept) {
            forget(entries.removeFirst());
        }
        state = Optional.of(committed.state());
    }

    private void forget(Entry entry) {
        byHeight.remove(entry.header().height());
        for (Receipt receipt : entry.receipts()) {
            byTransaction.remove(receipt.transactionHash());
            signedOutpoints(receipt).forEach(mints::remove);
        }
    }

    private static List<Bytes> signedOutpoints(Receipt receipt) {
        return receipt.events().stream()
                .filter(e -> e.name().equals(MINT_SIGNED) && e.data().length() >= OUTPOINT)
                .map(Event::data)
                .map(data -> data.slice(0, OUTPOINT))
                .toList();
    }

    /** The state after the newest indexed block, so that what it says has its receipts here. */
    synchronized Optional<View> state() {
        return state;
    }

    synchronized Optional<Entry> block(long height) {
        return Optional.ofNullable(byHeight.get(height));
    }

    synchronized Optional<Receipt> receipt(Bytes transaction) {
        return Optional.ofNullable(byTransaction.get(transaction));
    }

    /** Hash of the transaction whose receipt says that the mint of this outpoint (36 bytes) was signed. */
    synchronized Optional<Bytes> mint(Bytes outpoint) {
        return Optional.ofNullable(mints.get(outpoint));
    }
}
