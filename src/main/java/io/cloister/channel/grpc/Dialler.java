package io.cloister.channel.grpc;

import io.cloister.channel.PeerAddress;
import io.cloister.channel.flow.Backoff;
import io.cloister.codec.Bytes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** Keeps one peer with a larger node id connected: dials, waits, dials again. Thread-safe. (H16) */
final class Dialler {
    /** A connection that lived this many first waits was a good one: the next wait is short again. */
    private static final int GOOD = 10;

    private final Bytes peer;
    private final Services services;
    private final PeerTable table;
    private final Predicate<PeerAddress> attempt;
    private final Backoff backoff;
    private final long goodMillis;
    private final ReentrantLock lock = new ReentrantLock();
    private Runnable cancelTimer = () -> {};
    private boolean stopped;

    /** @param attempt dials once; false when that failed at once, otherwise {@link #ended} follows */
    Dialler(Bytes peer, Services services, PeerTable table, Predicate<PeerAddress> attempt) {
        ChannelSettings.Dialling waits = services.config.settings().dialling();
        this.peer = peer;
        this.services = services;
        this.table = table;
        this.attempt = attempt;
        this.backoff = new Backoff(waits.first().toMillis(), waits.cap().toMillis());
        this.goodMillis = GOOD * waits.first().toMillis();
    }

    void start() {
        services.run(this::dial);
    }

    /** The attempt failed, or its connection ended after so many milliseconds. */
    void ended(long livedMillis) {
        lock.lock();
        try {
            if (stopped) {
                return;
            }
            if (livedMillis >= goodMillis) {
                backoff.reset();
            }
            cancelTimer = services.after(Duration.ofMillis(backoff.next(services.random.nextDouble())), this::dial);
        } finally {
            lock.unlock();
        }
    }

    /** No further attempts; one under way comes to nothing by itself. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            cancelTimer.run();
        } finally {
            lock.unlock();
        }
    }

    private void dial() {
        if (table.live(peer).isPresent()) {
            return; // its end comes here again
        }
        Optional<PeerAddress> address = table.banned().contains(peer) ? Optional.empty() : table.address(peer);
        if (address.isEmpty() || !attempt.test(address.get())) {
            ended(0);
        }
    }
}
