package io.cloister.api;

import io.cloister.api.Feed.Message;
import io.cloister.bridge.EventHub;
import io.cloister.bridge.EventHub.Entry;
import io.cloister.codec.CodecException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One listener's stream: takes news from the hub into a bounded queue and writes it out on a thread of its own. Who reads
 * too slowly is cut off and can resume by the last id.
 */
final class Subscriber implements Runnable {
    static final int QUEUE = 4_096;
    private static final long HEARTBEAT_MILLIS = 10_000;
    private static final System.Logger LOG = System.getLogger(Subscriber.class.getName());

    private final Feed feed;
    private final Feed.Filter filter;
    private final Output output;
    private final Runnable ended;
    private final BlockingQueue<Entry> queue = new LinkedBlockingQueue<>(QUEUE);
    private final EventHub.Subscription subscription;
    private volatile boolean open = true;

    /** Where the stream goes; each call writes at once or fails. */
    interface Output {
        void send(Message message) throws Exception;

        /** A comment, which readers ignore: it keeps the connection and finds out that nobody reads. */
        void comment(String text) throws Exception;

        boolean isOpen();

        void close();
    }

    /**
     * Subscribes; nothing is written before {@link #run}.
     *
     * @param after id of the last event that the listener has
     * @param ended run once when the stream is over
     * @throws IllegalStateException when too many listen to the hub
     */
    Subscriber(EventHub hub, long after, Feed feed, Feed.Filter filter, Output output, Runnable ended) {
        this.feed = feed;
        this.filter = filter;
        this.output = output;
        this.ended = ended;
        this.subscription = hub.subscribe(after, this::offer);
    }

    private void offer(Entry entry) {
        if (!queue.offer(entry)) {
            open = false;
        }
    }

    @Override
    public void run() {
        try (subscription) {
            output.comment("cloister");
            for (Entry missed : missed()) {
                send(missed);
            }
            while (open && output.isOpen()) {
                Entry next = queue.poll(HEARTBEAT_MILLIS, TimeUnit.MILLISECONDS);
                if (next == null) {
                    output.comment("still here");
                } else {
                    send(next);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.DEBUG, "a listener has gone", e);
        } finally {
            try {
                output.close();
            } finally {
                ended.run();
            }
        }
    }

    /** What had come when the writing began: old news and new may have crossed, so they are put in order. */
    private List<Entry> missed() {
        List<Entry> waiting = new ArrayList<>();
        queue.drainTo(waiting);
        waiting.sort(Comparator.comparingLong(Entry::id));
        return waiting;
    }

    private void send(Entry entry) throws Exception {
        Message message;
        try {
            message = feed.message(entry);
        } catch (CodecException e) {
            LOG.log(System.Logger.Level.WARNING, "an event cannot be shown", e);
            return;
        }
        if (filter.wants(message)) {
            output.send(message);
        }
    }
}
