package io.cloister.consensus.process;

import io.cloister.codec.Bytes;
import io.cloister.consensus.ingress.IngressClient;
import io.cloister.consensus.ingress.IngressClient.Outcome;
import io.cloister.consensus.ingress.RefusalReason;
import io.cloister.crypto.SigningKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that sign a request, send it to one replica after another until one proves that it is in the chain or says so,
 * and go on with the next sequence.
 */
final class StubbornLoad {
    private static final long PATIENCE_MILLIS = 1_500;

    private final Replicas replicas;
    private final Random random = new Random();
    private final IngressClient[] streams;
    private final Map<Bytes, AtomicLong> acknowledged = new HashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> unproven = new ArrayList<>();
    private volatile boolean running = true;

    StubbornLoad(Replicas replicas, int clients) {
        this.replicas = replicas;
        this.streams = new IngressClient[replicas.nodes() + 1];
        for (int i = 0; i < clients; i++) {
            SigningKey key = SigningKey.generate();
            AtomicLong last = new AtomicLong();
            acknowledged.put(key.id(), last);
            threads.add(Thread.ofVirtual().start(() -> work(key, last)));
        }
    }

    /** The last acknowledged sequence of each key. */
    Map<Bytes, AtomicLong> acknowledged() {
        return acknowledged;
    }

    long total() {
        return acknowledged.values().stream().mapToLong(AtomicLong::get).sum();
    }

    /** Answers that did not hold. */
    synchronized List<String> unproven() {
        return List.copyOf(unproven);
    }

    /** Each client's last request is brought home. */
    void stop() throws InterruptedException {
        running = false;
        for (Thread thread : threads) {
            if (!thread.join(java.time.Duration.ofSeconds(60))) {
                throw new IllegalStateException("a request is not decided");
            }
        }
        for (IngressClient stream : streams) {
            if (stream != null) {
                stream.close();
            }
        }
    }

    private void work(SigningKey key, AtomicLong last) {
        try {
            while (running) {
                Bytes request = Request.sign(key, last.get() + 1, Bytes.EMPTY);
                while (!isIn(request)) {
                    Thread.sleep(50);
                }
                last.incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isIn(Bytes request) throws InterruptedException {
        int slot = 1 + random.nextInt(replicas.nodes());
        IngressClient stream = stream(slot);
        try {
            switch (stream.submit(request).get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                case Outcome.Committed _ -> {
                    return true;
                }
                case Outcome.Refused(RefusalReason reason, String text) -> {
                    return reason == RefusalReason.COMMITTED || text.equals("sequence");
                }
                case Outcome.Lost(String why) -> {
                    lost(slot, stream);
                    if (why.contains("unreadable")) {
                        note(why);
                    }
                    return false;
                }
            }
        } catch (TimeoutException | ExecutionException | IllegalStateException e) {
            lost(slot, stream);
            return false;
        }
    }

    private synchronized void note(String why) {
        unproven.add(why);
    }

    private synchronized IngressClient stream(int slot) {
        if (streams[slot] == null) {
            streams[slot] = replicas.client(slot);
        }
        return streams[slot];
    }

    private synchronized void lost(int slot, IngressClient stream) {
        if (streams[slot] == stream) {
            streams[slot] = null;
            stream.close();
        }
    }
}
