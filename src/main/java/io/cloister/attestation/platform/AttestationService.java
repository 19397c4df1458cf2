package io.cloister.attestation.platform;

import io.cloister.attestation.Attester;
import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.HardwareEvidence;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.ReportData;
import io.cloister.codec.Bytes;
import io.cloister.crypto.MerkleTree;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Makes one report answer many leaves, because the firmware is slow and hosts throttle it. An idle service answers at
 * once; within an interval after a report, leaves wait and share the next one, the node's own before strangers'.
 * After the driver has wiped its key the service stops and says so. Thread-safe; runs one thread of its own until
 * {@link #close}.
 */
public final class AttestationService implements Attester, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(AttestationService.class.getName());

    /**
     * Limits of the service.
     *
     * @param interval least time between the beginnings of two reports: at most so long a leaf waits for its batch
     * @param maximumLeaves leaves under one report
     * @param queueLimit strangers' leaves that may wait, and as many of the node's own
     */
    public record Settings(Duration interval, int maximumLeaves, int queueLimit) {
        /** One report a second, 256 leaves under each, 4,096 waiting. */
        public static final Settings DEFAULT = new Settings(Duration.ofSeconds(1), 256, 4096);

        public Settings {
            if (interval.isNegative() || maximumLeaves < 1 || queueLimit < 1) {
                throw new IllegalArgumentException("an attestation service needs positive limits");
            }
        }
    }

    /**
     * What the service has done.
     *
     * @param reports reports made
     * @param leaves leaves answered
     * @param waiting leaves that wait
     * @param lastFailure why the latest report could not be made, empty after a success
     * @param stopped whether it has ended for good, by close or because the driver's key is wiped
     */
    public record Status(long reports, long leaves, int waiting, Optional<String> lastFailure, boolean stopped) {}

    private record Pending(Leaf leaf, CompletableFuture<Evidence> answer) {}

    private final Platform platform;
    private final Supplier<BootKeySet> keys;
    private final Settings settings;
    private final Thread worker;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Pending> own = new ArrayDeque<>();
    private final Deque<Pending> strangers = new ArrayDeque<>();
    private Optional<RuntimeException> stopped = Optional.empty();
    private Optional<String> lastFailure = Optional.empty();
    private long reports;
    private long leaves;

    /**
     * Starts the service.
     *
     * @param platform stays the caller's: closing the service leaves it open
     * @param keys the boot key set of this moment, asked for each report
     */
    public AttestationService(Platform platform, Supplier<BootKeySet> keys, Settings settings) {
        this.platform = platform;
        this.keys = keys;
        this.settings = settings;
        this.worker = Thread.ofPlatform().name("attestation").daemon().unstarted(this::run);
        worker.start();
    }

    @Override
    public CompletableFuture<Evidence> attest(Leaf leaf) {
        CompletableFuture<Evidence> answer = new CompletableFuture<>();
        lock.lock();
        try {
            Deque<Pending> queue = leaf.purpose().beforeStrangers() ? own : strangers;
            if (stopped.isPresent()) {
                answer.completeExceptionally(stopped.get());
            } else if (queue.size() >= settings.queueLimit()) {
                answer.completeExceptionally(
                        new RejectedExecutionException(settings.queueLimit() + " leaves wait for a report already"));
            } else {
                queue.add(new Pending(leaf, answer));
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        return answer;
    }

    public Status status() {
        lock.lock();
        try {
            return new Status(reports, leaves, own.size() + strangers.size(), lastFailure, stopped.isPresent());
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        long earliest = System.nanoTime();
        while (true) {
            List<Pending> batch = awaitBatch(earliest);
            if (batch.isEmpty()) {
                return;
            }
            earliest = System.nanoTime() + settings.interval().toNanos();
            answer(batch);
        }
    }

    /** Waits for leaves and for the interval's end; empty when the service has stopped. */
    private List<Pending> awaitBatch(long earliest) {
        lock.lock();
        try {
            while (true) {
                if (stopped.isPresent()) {
                    return List.of();
                }
                long early = earliest - System.nanoTime();
                if (own.isEmpty() && strangers.isEmpty()) {
                    changed.awaitUninterruptibly();
                } else if (early > 0) {
                    awaitNanos(early);
                } else {
                    List<Pending> batch = take();
                    if (!batch.isEmpty()) {
                        return batch;
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void awaitNanos(long nanos) {
        try {
            changed.awaitNanos(nanos);
        } catch (InterruptedException e) {
            // nobody interrupts this thread to any purpose: close() is what ends it
            LOG.log(System.Logger.Level.DEBUG, "interrupted while waiting", e);
        }
    }

    /** The next leaves to serve, the node's own first; those whose callers gave up are dropped. */
    private List<Pending> take() {
        List<Pending> batch = new ArrayList<>();
        while (batch.size() < settings.maximumLeaves() && !(own.isEmpty() && strangers.isEmpty())) {
            Pending next = own.isEmpty() ? strangers.remove() : own.remove();
            if (!next.answer().isDone()) {
                batch.add(next);
            }
        }
        return batch;
    }

    private void answer(List<Pending> batch) {
        try {
            List<Evidence> evidence = prove(batch);
            note(batch.size());
            inTheirOwnTime(() -> {
                for (int i = 0; i < batch.size(); i++) {
                    batch.get(i).answer().complete(evidence.get(i));
                }
            });
        } catch (RuntimeException e) { // whatever went wrong, the callers must hear of it and the thread must live
            LOG.log(System.Logger.Level.WARNING, "no report for {0} leaves: {1}", batch.size(), e.getMessage());
            fail(batch, e);
        }
    }

    private List<Evidence> prove(List<Pending> batch) {
        BootKeySet present = keys.get();
        List<Bytes> hashes =
                batch.stream().map(pending -> pending.leaf().hash()).toList();
        HardwareEvidence hardware = platform.attest(ReportData.of(present, MerkleTree.rootOfHashes(hashes)));
        List<Evidence> evidence = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            MerkleTree.Path path = MerkleTree.pathOfHashes(hashes, i);
            evidence.add(new Evidence(hardware, present, batch.get(i).leaf(), path));
        }
        return evidence;
    }

    private void note(int answered) {
        lock.lock();
        try {
            reports++;
            leaves += answered;
            lastFailure = Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void fail(List<Pending> batch, RuntimeException cause) {
        List<Pending> failed = new ArrayList<>(batch);
        lock.lock();
        try {
            lastFailure = Optional.of(String.valueOf(cause.getMessage()));
            if (cause instanceof PlatformException.KeyWiped) {
                stopped = Optional.of(cause);
                failed.addAll(drain());
            }
        } finally {
            lock.unlock();
        }
        inTheirOwnTime(() -> failed.forEach(pending -> pending.answer().completeExceptionally(cause)));
    }

    private List<Pending> drain() {
        List<Pending> all = new ArrayList<>(own);
        all.addAll(strangers);
        own.clear();
        strangers.clear();
        return all;
    }

    /** Callers may have hung work on their answers; it must not hold up the next report. */
    private static void inTheirOwnTime(Runnable completion) {
        Thread.ofVirtual().name("attestation-answers").start(completion);
    }

    /** Ends the thread; leaves that still wait fail. */
    @Override
    public void close() {
        List<Pending> abandoned;
        IllegalStateException closed = new IllegalStateException("the attestation service is closed");
        lock.lock();
        try {
            if (stopped.isEmpty()) {
                stopped = Optional.of(closed);
            }
            abandoned = drain();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        abandoned.forEach(pending -> pending.answer().completeExceptionally(closed));
        try {
            worker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
