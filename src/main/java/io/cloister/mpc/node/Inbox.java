package io.cloister.mpc.node;

import io.cloister.codec.Bytes;
import io.cloister.ledger.Committed;
import io.cloister.mpc.protocol.Message;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for the machines' thread: the newest final block (older ones say nothing more), then what a signature
 * needs, then dealings, one of which comes after so many others in any case. Each sender has its own bounded room in
 * both queues and the senders take turns; what does not fit is dropped, and its sender sends it again. Thread-safe.
 */
final class Inbox {
    private static final int MESSAGES_PER_SENDER = 512;
    private static final long BYTES_PER_SENDER = 2L << 20;
    private static final int URGENT_IN_A_ROW = 16;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final TurnQueue urgent = new TurnQueue(MESSAGES_PER_SENDER, BYTES_PER_SENDER);
    private final TurnQueue bulk = new TurnQueue(MESSAGES_PER_SENDER, BYTES_PER_SENDER);
    private Optional<Committed> newest = Optional.empty();
    private int urgentInARow;
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
            TurnQueue queue = isUrgent(message) ? urgent : bulk;
            if (queue.offer(new Event.Said(nodeId, message))) {
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
            boolean dealing = urgent.isEmpty() || urgentInARow >= URGENT_IN_A_ROW && !bulk.isEmpty();
            urgentInARow = dealing ? 0 : urgentInARow + 1;
            return (dealing ? bulk : urgent).poll().map(said -> said);
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
