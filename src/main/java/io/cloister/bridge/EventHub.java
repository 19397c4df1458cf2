package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.ledger.Committed;
import io.cloister.ledger.Event;
import io.cloister.ledger.LedgerListener;
import io.cloister.ledger.Receipt;
import io.cloister.multichain.bitcoin.OutPoint;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * News of this node for whoever listens now or asks a little later: final blocks, what modules said in them, and
 * payments as they gain confirmations. Bounded; a listener that fails is dropped.
 */
public final class EventHub implements LedgerListener {
    private static final Logger LOG = System.getLogger(EventHub.class.getName());
    static final int KEPT = 2_000;
    static final int MAX_LISTENERS = 256;

    private final Deque<Entry> entries = new ArrayDeque<>();
    private final List<Consumer<Entry>> listeners = new ArrayList<>();
    private long last;

    /** One piece of news. */
    public sealed interface News {}

    /** A block is final. */
    public record BlockFinal(long height, Bytes id, int transactions) implements News {}

    /** A module said something in a final block. */
    public record Said(long height, Bytes transactionHash, Event event) implements News {}

    /** A payment to a gateway was seen or gained a confirmation. */
    public record DepositSeen(
            Bytes gHash, OutPoint outPoint, long amount, long confirmations, int required, boolean late)
            implements News {}

    /**
     * @param id rises by one with each piece of news of this boot
     */
    public record Entry(long id, News news) {}

    /** Ends the listening. */
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    public void publish(News news) {
        synchronized (entries) {
            Entry entry = new Entry(++last, news);
            entries.add(entry);
            if (entries.size() > KEPT) {
                entries.removeFirst();
            }
            for (Consumer<Entry> listener : List.copyOf(listeners)) {
                if (!give(listener, entry)) {
                    listeners.remove(listener);
                }
            }
        }
    }

    private static boolean give(Consumer<Entry> listener, Entry entry) {
        try {
            listener.accept(entry);
            return true;
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "a listener of events is gone", e);
            return false;
        }
    }

    /**
     * Gives the listener what came after the entry of that id, as far as it is kept, and then what comes: each entry
     * once, in the order of ids. The listener runs while the news is published, so it has to hand over and return; one
     * that throws is dropped.
     *
     * @throws IllegalStateException when too many listen already
     */
    public Subscription subscribe(long after, Consumer<Entry> listener) {
        synchronized (entries) {
            if (listeners.size() >= MAX_LISTENERS) {
                throw new IllegalStateException("more than " + MAX_LISTENERS + " listen to events");
            }
            entries.stream().filter(e -> e.id() > after).forEach(listener);
            listeners.add(listener);
        }
        return () -> {
            synchronized (entries) {
                listeners.remove(listener);
            }
        };
    }

    /** Id of the newest entry. */
    public long lastId() {
        synchronized (entries) {
            return last;
        }
    }

    @Override
    public void committed(Committed committed) {
        long height = committed.block().header().height();
        for (Receipt receipt : committed.receipts()) {
            receipt.events().forEach(e -> publish(new Said(height, receipt.transactionHash(), e)));
        }
        publish(new BlockFinal(
                height,
                committed.block().header().id(),
                committed.block().transactions().size()));
    }
}
