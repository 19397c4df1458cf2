package io.cloister.mpc.node;

import io.cloister.codec.Bytes;
import io.cloister.ledger.Committed;
import io.cloister.mpc.protocol.Message;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for the machines' thread: the newest final block (older ones say nothing more), then what a signature
 * needs, then dealings. Each queue is bounded; what does not fit is dropped, and its sender sends it again.
 */
final class Inbox {
    private static final int MAX_WAITING = 2_048;
    private static final long MAX_BYTES = 32L << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Deque<Event.Said> urgent = new ArrayDeque<>();
    private final Deque<Event.Said> bulk = new ArrayDeque<>();
    private Optional<Committed> newest = Optional.empty();
    private long bytes;
    private long dropped;

    /** Something to look at. */
    sealed interface Event {
        record Final(Committed committed) implements Event {}

        record Said(Bytes nodeId, Message message) implements Event {}
    }

    void put(Committed committed) {
        lock.lock();
        try {
            newest = Optional.of(committed);
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    void put(Bytes nodeId, Message message) {
        lock.lock();
        try {
            Deque<Event.Said> queue = isUrgent(message) ? urgent : bulk;
            if (queue.size() < MAX_WAITING && bytes + message.size() <= MAX_BYTES) {
                bytes += message.size();
                queue.add(new Event.Said(nodeId, message));
                filled.signal();
            } else {
                dropped++;
            }
        } finally {
            lock.unlock();
        }
    }

    /** The most urgent event; empty when none comes in time. */
    Optional<Event> take(long timeoutMillis) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
            while (newest.isEmpty() && urgent.isEmpty() && bulk.isEmpty()) {
                if (left <= 0) {
                    return Optional.empty();
                }
                left = filled.awaitNanos(left);
            }
            if (newest.isPresent()) {
                Committed committed = newest.get();
                newest = Optional.empty();
                return Optional.of(new Event.Final(committed));
            }
            Event.Said said = urgent.isEmpty() ? bulk.removeFirst() : urgent.removeFirst();
            bytes -= said.message().size();
            return Optional.of(said);
        } finally {
            lock.unlock();
        }
    }

    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    private static boolean isUrgent(Message message) {
        return message instanceof Message.SignatureShare || message instanceof Message.BeaconShare;
    }
}
