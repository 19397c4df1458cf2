package io.cloister.consensus.engine;

import io.cloister.channel.PeerNetwork;
import io.cloister.channel.PeerStatus;
import io.cloister.channel.Topic;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** Channels inside one JVM: each node has a thread of its own for what arrives. Links can be cut. */
final class MemoryNetwork {
    private final Map<Bytes, Port> ports = new ConcurrentHashMap<>();
    private final Set<Bytes> isolated = ConcurrentHashMap.newKeySet();

    /** Plugs a node in; whoever had this id before is unplugged. */
    Port plug(Bytes nodeId) {
        Port port = new Port(nodeId);
        Port before = ports.put(nodeId, port);
        if (before != null) {
            before.close();
        }
        return port;
    }

    void unplug(Bytes nodeId) {
        Port port = ports.remove(nodeId);
        if (port != null) {
            port.close();
        }
    }

    void isolate(Bytes nodeId) {
        isolated.add(nodeId);
    }

    void rejoin(Bytes nodeId) {
        isolated.remove(nodeId);
    }

    final class Port implements PeerNetwork, AutoCloseable {
        private final Bytes self;
        private final Map<Topic, List<BiConsumer<Bytes, Bytes>>> receivers = new HashMap<>();
        private final ExecutorService thread = Executors.newSingleThreadExecutor();
        final AtomicInteger malformed = new AtomicInteger();

        private Port(Bytes self) {
            this.self = self;
        }

        @Override
        public Bytes self() {
            return self;
        }

        @Override
        public Set<Bytes> connected() {
            Set<Bytes> others = new HashSet<>(ports.keySet());
            others.remove(self);
            return others;
        }

        @Override
        public boolean send(Bytes nodeId, Topic topic, Bytes payload) {
            Port to = ports.get(nodeId);
            if (payload.length() > MAX_PAYLOAD) {
                throw new IllegalArgumentException("a payload of " + payload.length() + " bytes");
            }
            if (to == null || isolated.contains(self) || isolated.contains(nodeId)) {
                return false;
            }
            try {
                to.thread.execute(() -> to.dispatch(self, topic, payload));
                return true;
            } catch (RejectedExecutionException e) {
                return false;
            }
        }

        private void dispatch(Bytes from, Topic topic, Bytes payload) {
            List<BiConsumer<Bytes, Bytes>> of;
            synchronized (receivers) {
                of = List.copyOf(receivers.getOrDefault(topic, List.of()));
            }
            for (BiConsumer<Bytes, Bytes> receiver : of) {
                try {
                    receiver.accept(from, payload);
                } catch (CodecException e) {
                    malformed.incrementAndGet();
                }
            }
        }

        @Override
        public void broadcast(Topic topic, Bytes payload) {
            connected().forEach(peer -> send(peer, topic, payload));
        }

        @Override
        public void subscribe(Topic topic, BiConsumer<Bytes, Bytes> receiver) {
            synchronized (receivers) {
                receivers.computeIfAbsent(topic, t -> new ArrayList<>()).add(receiver);
            }
        }

        @Override
        public List<PeerStatus> status() {
            return List.of();
        }

        @Override
        public void close() {
            thread.shutdownNow();
        }
    }
}
