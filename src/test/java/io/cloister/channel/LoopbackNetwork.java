package io.cloister.channel;

import io.cloister.attestation.BootKeySet;
import io.cloister.codec.Bytes;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Peer networks of many nodes in one process, for tests of what runs on top of {@link PeerNetwork}: no TLS, no
 * evidence, the same promises about order, bounds and loss. Either threads deliver (one for each node and topic), or,
 * made by {@link #manual}, nothing moves until the test says so, in an order that a seed decides. Links can be cut and
 * messages dropped.
 */
public final class LoopbackNetwork implements AutoCloseable {
    private static final int QUEUE = 10_000;

    /** A message under way. */
    public record Message(Bytes from, Bytes to, Topic topic, Bytes payload) {}

    private final boolean manual;
    private final SortedMap<Bytes, Node> nodes = new TreeMap<>();
    private final Set<Set<Bytes>> cut = new HashSet<>();
    private final List<Thread> threads = new ArrayList<>();
    private Predicate<Message> dropped = message -> false;
    private boolean closed;

    private LoopbackNetwork(boolean manual) {
        this.manual = manual;
    }

    /** A network whose messages are delivered by threads. */
    public static LoopbackNetwork threaded() {
        return new LoopbackNetwork(false);
    }

    /** A network that delivers only inside {@link #deliverOne} and {@link #deliverAll}. */
    public static LoopbackNetwork manual() {
        return new LoopbackNetwork(true);
    }

    /** Adds a node, connected with all others. */
    public synchronized PeerNetwork join(Bytes nodeId) {
        return join(nodeId, Optional.empty());
    }

    /** Adds a node whose boot keys the others see. */
    public synchronized PeerNetwork join(BootKeySet keys) {
        return join(keys.nodeId(), Optional.of(keys));
    }

    private PeerNetwork join(Bytes nodeId, Optional<BootKeySet> keys) {
        Node node = new Node(nodeId, keys);
        if (nodes.putIfAbsent(nodeId, node) != null) {
            throw new IllegalArgumentException("the node is here already");
        }
        if (!manual) {
            for (Topic topic : Topic.values()) {
                threads.add(Thread.ofVirtual().name("loopback-" + topic).start(() -> node.deliverUntilClosed(topic)));
            }
        }
        return node;
    }

    /** Takes a node away; what is under way to it is lost. */
    public synchronized void leave(Bytes nodeId) {
        nodes.remove(nodeId);
        notifyAll();
    }

    /** Disconnects two nodes; what is under way between them is lost. */
    public synchronized void cut(Bytes one, Bytes other) {
        cut.add(Set.of(one, other));
        Optional.ofNullable(nodes.get(one)).ifPresent(node -> node.forget(other));
        Optional.ofNullable(nodes.get(other)).ifPresent(node -> node.forget(one));
    }

    /** Disconnects a node from all others. */
    public synchronized void isolate(Bytes nodeId) {
        for (Bytes other : nodes.keySet()) {
            if (!other.equals(nodeId)) {
                cut(nodeId, other);
            }
        }
    }

    /** Connects everybody again. */
    public synchronized void heal() {
        cut.clear();
    }

    /** Drops, from now on, the messages that fit: the sender believes them sent. */
    public synchronized void drop(Predicate<Message> which) {
        dropped = which;
    }

    /** Delivers one waiting message of a random node and topic; false when none waits for a receiver. */
    public boolean deliverOne(Random random) {
        List<Runnable> ready = new ArrayList<>();
        synchronized (this) {
            for (Node node : nodes.values()) {
                for (Topic topic : Topic.values()) {
                    if (node.hasWork(topic)) {
                        ready.add(() -> node.deliver(topic));
                    }
                }
            }
        }
        if (ready.isEmpty()) {
            return false;
        }
        ready.get(random.nextInt(ready.size())).run();
        return true;
    }

    /** Delivers until nothing waits any more; how many that were. */
    public int deliverAll(Random random) {
        int count = 0;
        while (deliverOne(random)) {
            count++;
        }
        return count;
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
        threads.forEach(Thread::interrupt);
    }

    private boolean linked(Bytes one, Bytes other) {
        return !one.equals(other)
                && nodes.containsKey(one)
                && nodes.containsKey(other)
                && !cut.contains(Set.of(one, other));
    }

    private final class Node implements PeerNetwork {
        private final Bytes id;
        private final Optional<BootKeySet> keys;
        private final Map<Topic, Deque<Message>> inbox = new EnumMap<>(Topic.class);
        private final Map<Topic, List<BiConsumer<Bytes, Bytes>>> receivers = new EnumMap<>(Topic.class);
        private final Instant since = Instant.now();

        private Node(Bytes id, Optional<BootKeySet> keys) {
            this.id = id;
            this.keys = keys;
            for (Topic topic : Topic.values()) {
                inbox.put(topic, new ArrayDeque<>());
                receivers.put(topic, new CopyOnWriteArrayList<>());
            }
        }

        @Override
        public Bytes self() {
            return id;
        }

        @Override
        public Set<Bytes> connected() {
            synchronized (LoopbackNetwork.this) {
                Set<Bytes> peers = new HashSet<>(nodes.keySet());
                peers.removeIf(peer -> !linked(id, peer));
                return Collections.unmodifiableSet(peers);
            }
        }

        @Override
        public boolean send(Bytes nodeId, Topic topic, Bytes payload) {
            if (payload.length() > MAX_PAYLOAD) {
                throw new IllegalArgumentException("a payload of " + payload.length() + " bytes");
            }
            synchronized (LoopbackNetwork.this) {
                if (!linked(id, nodeId)) {
                    return false;
                }
                Message message = new Message(id, nodeId, topic, payload);
                Deque<Message> queue = nodes.get(nodeId).inbox.get(topic);
                if (queue.size() >= QUEUE) {
                    return false;
                }
                if (!dropped.test(message)) {
                    queue.add(message);
                    LoopbackNetwork.this.notifyAll();
                }
                return true;
            }
        }

        @Override
        public void broadcast(Topic topic, Bytes payload) {
            connected().forEach(peer -> send(peer, topic, payload));
        }

        @Override
        public void subscribe(Topic topic, BiConsumer<Bytes, Bytes> receiver) {
            synchronized (LoopbackNetwork.this) {
                receivers.get(topic).add(receiver);
                LoopbackNetwork.this.notifyAll();
            }
        }

        @Override
        public List<PeerStatus> status() {
            synchronized (LoopbackNetwork.this) {
                return nodes.values().stream()
                        .filter(node -> !node.id.equals(id))
                        .map(node -> new PeerStatus(
                                node.id,
                                linked(id, node.id),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                node.keys.map(BootKeySet::bootCounter).orElse(0L),
                                node.since,
                                Optional.empty()))
                        .toList();
            }
        }

        private void forget(Bytes peer) {
            inbox.values()
                    .forEach(queue -> queue.removeIf(message -> message.from().equals(peer)));
        }

        private boolean hasWork(Topic topic) {
            return !inbox.get(topic).isEmpty() && !receivers.get(topic).isEmpty();
        }

        private void deliver(Topic topic) {
            Optional<Message> next;
            synchronized (LoopbackNetwork.this) {
                next = Optional.ofNullable(inbox.get(topic).poll()); // a cut may have come in between
            }
            next.ifPresent(message ->
                    receivers.get(topic).forEach(receiver -> receiver.accept(message.from(), message.payload())));
        }

        private void deliverUntilClosed(Topic topic) {
            try {
                while (true) {
                    synchronized (LoopbackNetwork.this) {
                        while (!closed && nodes.get(id) == this && !hasWork(topic)) {
                            LoopbackNetwork.this.wait();
                        }
                        if (closed || nodes.get(id) != this) {
                            return;
                        }
                    }
                    deliver(topic);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
