package io.cloister.channel.grpc;

import io.cloister.channel.Topic;
import io.cloister.channel.flow.Inbox;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/**
 * Hands payloads to their receivers: one thread for each topic, so that no topic waits for another, and connections in
 * turn within a topic. What it holds is bounded by the connections' windows, because units are given back only after
 * the receivers returned. (F6)
 */
final class Dispatcher implements AutoCloseable {
    /** Where a payload came from, and who gets its units back. */
    interface Source {
        Bytes nodeId();

        /** The receivers are done with a message. */
        void consumed(Topic topic, long units);

        /** A receiver could not read a payload. */
        void unreadable(Topic topic, String detail);
    }

    private final class Lane implements Runnable {
        private final Topic topic;
        private final List<BiConsumer<Bytes, Bytes>> receivers = new CopyOnWriteArrayList<>();
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition work = lock.newCondition();
        private final Map<Source, Deque<Inbox.Message>> waiting = new HashMap<>();
        private final Deque<Source> turns = new ArrayDeque<>();
        private final Thread thread;

        private Lane(Topic topic) {
            this.topic = topic;
            this.thread = Thread.ofPlatform()
                    .daemon()
                    .name("channel-" + topic.name().toLowerCase(Locale.ROOT))
                    .unstarted(this);
        }

        private void add(Source source, Inbox.Message message) {
            lock.lock();
            try {
                waiting.computeIfAbsent(source, ignored -> {
                            turns.add(source);
                            return new ArrayDeque<>();
                        })
                        .add(message);
                work.signal();
            } finally {
                lock.unlock();
            }
        }

        private void forget(Source source) {
            lock.lock();
            try {
                if (waiting.remove(source) != null) {
                    turns.remove(source);
                }
            } finally {
                lock.unlock();
            }
        }

        private void subscribe(BiConsumer<Bytes, Bytes> receiver) {
            lock.lock();
            try {
                receivers.add(receiver);
                work.signal();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void run() {
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    deliverNext();
                }
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        }

        private void deliverNext() throws InterruptedException {
            Source source;
            Inbox.Message message;
            lock.lockInterruptibly();
            try {
                while (receivers.isEmpty() || turns.isEmpty()) {
                    work.await();
                }
                source = turns.remove();
                Deque<Inbox.Message> queue = Objects.requireNonNull(waiting.get(source));
                message = queue.remove();
                if (queue.isEmpty()) {
                    waiting.remove(source);
                } else {
                    turns.add(source);
                }
            } finally {
                lock.unlock();
            }
            for (BiConsumer<Bytes, Bytes> receiver : receivers) {
                deliver(receiver, source, message.payload());
            }
            source.consumed(topic, message.units());
        }

        private void deliver(BiConsumer<Bytes, Bytes> receiver, Source source, Bytes payload) {
            try {
                receiver.accept(source.nodeId(), payload);
            } catch (CodecException e) {
                source.unreadable(topic, e.reason() + ": " + e.getMessage());
            } catch (RuntimeException | Error e) { // one receiver's fault must not end the topic
                services.fault("a receiver of " + topic + " failed", e);
            }
        }
    }

    private final Services services;
    private final Map<Topic, Lane> lanes = new EnumMap<>(Topic.class);

    Dispatcher(Services services) {
        this.services = services;
        for (Topic topic : Topic.values()) {
            lanes.put(topic, new Lane(topic));
        }
    }

    void start() {
        lanes.values().forEach(lane -> lane.thread.start());
    }

    void subscribe(Topic topic, BiConsumer<Bytes, Bytes> receiver) {
        lane(topic).subscribe(receiver);
    }

    void add(Source source, Topic topic, Inbox.Message message) {
        lane(topic).add(source, message);
    }

    /** Drops what a source that is no longer trusted has waiting. */
    void forget(Source source) {
        lanes.values().forEach(lane -> lane.forget(source));
    }

    private Lane lane(Topic topic) {
        return Objects.requireNonNull(lanes.get(topic));
    }

    /** Interrupts the receivers; does not wait for one that does not heed it. */
    @Override
    public void close() {
        lanes.values().forEach(lane -> lane.thread.interrupt());
    }
}
