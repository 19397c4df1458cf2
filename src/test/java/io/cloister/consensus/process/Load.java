package io.cloister.consensus.process;

import io.cloister.codec.Bytes;
import io.cloister.consensus.ingress.IngressClient;
import io.cloister.consensus.ingress.IngressClient.Order;
import io.cloister.consensus.ingress.IngressClient.Outcome;
import io.cloister.crypto.SigningKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients in a closed loop: each signs a request, waits until it is answered with a proof that holds, and signs the
 * next. They are divided among the replicas; those of one replica share a stream. A request goes to one replica.
 */
final class Load implements AutoCloseable {
    /** What was answered since the last time it was asked. */
    record Answers(List<Long> latencyNanos, long failed) {}

    private final List<IngressClient> streams = new ArrayList<>();
    private final List<List<Client>> clients = new ArrayList<>();
    private final Bytes payload;
    private final AtomicLong height = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private List<Long> latencies = new ArrayList<>();
    private volatile boolean running = true;

    Load(Replicas replicas, int count, int payloadBytes) {
        this.payload = Bytes.zeros(payloadBytes);
        for (int slot = 1; slot <= Math.min(count, replicas.nodes()); slot++) {
            IngressClient stream = replicas.client(slot);
            streams.add(stream);
            clients.add(new ArrayList<>());
        }
        for (int i = 0; i < count; i++) {
            int at = i % streams.size();
            clients.get(at).add(new Client(streams.get(at)));
        }
    }

    void start() {
        clients.forEach(sharing -> sharing.forEach(Client::next));
    }

    long lastHeight() {
        return height.get();
    }

    synchronized Answers drain() {
        Answers answers = new Answers(latencies, failed.getAndSet(0));
        latencies = new ArrayList<>();
        return answers;
    }

    private synchronized void answered(long nanos) {
        latencies.add(nanos);
    }

    @Override
    public void close() {
        running = false;
        streams.forEach(IngressClient::close);
    }

    private final class Client {
        private final IngressClient stream;
        private final SigningKey key = SigningKey.generate();
        private long sequence;
        private long sentAt;

        private Client(IngressClient stream) {
            this.stream = stream;
        }

        private void next() {
            Order order = new Order(Request.sign(key, ++sequence, payload));
            order.outcome().thenAccept(this::done);
            sentAt = System.nanoTime();
            stream.submit(List.of(order));
        }

        private void done(Outcome outcome) {
            if (!running) {
                return;
            }
            switch (outcome) {
                case Outcome.Committed committed -> {
                    answered(System.nanoTime() - sentAt);
                    height.accumulateAndGet(committed.header().height(), Math::max);
                }
                case Outcome.Refused(var reason, String text) -> failed.incrementAndGet();
                case Outcome.Lost(String why) -> {
                    failed.incrementAndGet();
                    return;
                }
            }
            next();
        }
    }
}
