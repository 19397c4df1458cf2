package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Sends submitted transactions on, many in one message: a lone one at once, and while more come, what has gathered since
 * the last message. What finds no room is not sent; the pool spreads it again later. Thread-safe.
 */
final class Spreader implements AutoCloseable {
    static final int MESSAGE_COUNT = 512;
    static final int MESSAGE_BYTES = 512 * 1024;
    private static final int WAITING = 8 * MESSAGE_COUNT;

    /** Least time between two messages that are not full. */
    private static final long GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Consumer<List<Bytes>> send;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Bytes> waiting = new ArrayDeque<>();
    private final Thread thread;
    private long bytes;
    private boolean closed;

    /** @param send takes what becomes one message, on this object's thread */
    Spreader(Consumer<List<Bytes>> send) {
        this.send = send;
        this.thread = Thread.ofPlatform().daemon().name("cloister-spread").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void add(Bytes transaction) {
        lock.lock();
        try {
            if (waiting.size() < WAITING) {
                waiting.add(transaction);
                bytes += transaction.length();
                if (waiting.size() == 1 || isFull()) {
                    changed.signal();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isFull() {
        return waiting.size() >= MESSAGE_COUNT || bytes >= MESSAGE_BYTES;
    }

    private void run() {
        long earliest = System.nanoTime();
        try {
            while (true) {
                List<Bytes> next = take(earliest);
                if (next.isEmpty()) {
                    return;
                }
                send.accept(next);
                earliest = System.nanoTime() + GAP_NANOS;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the next message holds; empty after the close. */
    private List<Bytes> take(long earliest) throws InterruptedException {
        lock.lock();
        try {
            while (!closed && waiting.isEmpty()) {
                changed.await();
            }
            long left = earliest - System.nanoTime();
            while (!closed && !isFull() && left > 0) {
                left = changed.awaitNanos(left);
            }
            List<Bytes> taken = new ArrayList<>(Math.min(waiting.size(), MESSAGE_COUNT));
            long room = MESSAGE_BYTES;
            while (!closed
                    && !waiting.isEmpty()
                    && taken.size() < MESSAGE_COUNT
                    && (taken.isEmpty() || waiting.getFirst().length() <= room)) {
                Bytes transaction = waiting.remove();
                bytes -= transaction.length();
                room -= transaction.length();
                taken.add(transaction);
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }
}
