package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.Opening;
import io.cloister.consensus.core.Message;
import io.cloister.consensus.core.Proposal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for the consensus thread. Each peer has a queue of its own with room for so many messages and bytes, and
 * the peers take turns, so that a noisy one delays only itself. What finds no room is lost, as on a network.
 * Thread-safe.
 */
final class Inbox {
    private static final int MESSAGES_PER_PEER = 512;
    private static final long BYTES_PER_PEER = 16L << 20;
    private static final int PEERS = 512;

    /**
     * A message, or without one the news that a peer sent bytes that are none.
     *
     * @param bytes about how much memory it takes
     */
    record Item(Bytes from, Optional<Message> message, long bytes) {
        /** Bytes of memory that a transaction or a vote takes besides what it takes on the wire. */
        private static final int OVERHEAD = 128;

        static Item of(Bytes from, Message message, int encodedLength) {
            long parts = switch (message) {
                case Message.Proposed(Proposal proposal) ->
                    proposal.outline().batches().size();
                case Message.Votes votes -> votes.votes().size();
                case Message.Blocks blocks ->
                    blocks.blocks().stream()
                            .mapToLong(it -> it.block().transactions().size())
                            .sum();
                case Message.Batches it ->
                    it.batches().stream()
                            .mapToLong(batch -> batch.transactions().size())
                            .sum();
                case Message.Body(Block block) -> block.transactions().size();
                case Message.Statements it -> it.statements().size();
                case Message.Opened(Opening opening) -> opening.statements().size();
                case Message.BatchRequest it -> it.digests().size();
                case Message.Misbehaviour it -> it.evidence().size();
                case Message.SnapshotOffer it ->
                    it.links().stream()
                            .mapToLong(link ->
                                    link.block().certificate().signatures().size())
                            .sum();
                case Message.Status _, Message.BlockRequest _ -> 1;
                case Message.SnapshotRequest _, Message.ChunkRequest _, Message.Chunk _ -> 1;
            };
            return new Item(from, Optional.of(message), encodedLength + parts * OVERHEAD);
        }
    }

    private static final class Queue {
        final Deque<Item> items = new ArrayDeque<>();
        long bytes;
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Map<Bytes, Queue> queues = new LinkedHashMap<>();
    private boolean woken;
    private long dropped;

    /** @return false when it found no room */
    boolean offer(Item item) {
        lock.lock();
        try {
            if (queues.size() >= PEERS && !queues.containsKey(item.from())) {
                dropped++;
                return false;
            }
            Queue queue = queues.computeIfAbsent(item.from(), from -> new Queue());
            if (queue.items.size() >= MESSAGES_PER_PEER || queue.bytes + item.bytes() > BYTES_PER_PEER) {
                dropped++;
                return false;
            }
            queue.items.add(item);
            queue.bytes += item.bytes();
            arrived.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Makes {@link #take} return, now or the next time. */
    void wake() {
        lock.lock();
        try {
            woken = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The next item of the peer whose turn it is; empty after the time, or when woken with nothing there. */
    Optional<Item> take(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (queues.isEmpty() && !woken && left > 0) {
                left = arrived.awaitNanos(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
            }
            woken = false;
            if (queues.isEmpty()) {
                return Optional.empty();
            }
            Bytes turn = queues.keySet().iterator().next();
            Queue queue = Objects.requireNonNull(queues.remove(turn));
            Item item = queue.items.remove();
            queue.bytes -= item.bytes();
            if (!queue.items.isEmpty()) {
                queues.put(turn, queue); // behind all others
            }
            return Optional.of(item);
        } finally {
            lock.unlock();
        }
    }

    /** Counts a message that is not even read. */
    void drop() {
        lock.lock();
        try {
            dropped++;
        } finally {
            lock.unlock();
        }
    }

    /** How many items found no room, or were not asked for, since the start. */
    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }
}
