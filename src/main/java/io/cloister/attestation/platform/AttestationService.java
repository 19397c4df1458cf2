package io.cloister.attestation.platform;

import io.cloister.attestation.Attester;
import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.HardwareEvidence;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.ReportData;
import io.cloister.attestation.platform.BatcherEffect.MakeReport;
import io.cloister.attestation.platform.BatcherEffect.Request;
import io.cloister.codec.Bytes;
import io.cloister.crypto.MerkleTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Makes one report answer many leaves, because the firmware is slow and hosts throttle it. An idle service answers at
 * once; within an interval after a report, leaves wait and share the next one, the node's own before strangers'.
 * After the driver has wiped its key the service stops and says so. {@link ReportBatcher} decides; here are its clock,
 * its lock and its one thread, which runs until {@link #close}. Thread-safe.
 */
public final class AttestationService implements Attester, AutoCloseable {
    private static final Duration CLOSING = Duration.ofSeconds(5);
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
     * @param wiped what the driver said, when its key is wiped: nothing is attested before the guest is restarted
     */
    public record Status(
            long reports,
            long leaves,
            int waiting,
            Optional<String> lastFailure,
            boolean stopped,
            Optional<String> wiped) {}

    private final Platform platform;
    private final Supplier<BootKeySet> keys;
    private final Thread worker;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ReportBatcher batcher;
    private final Map<Long, CompletableFuture<Evidence>> callers = new HashMap<>();
    private long tickets;
    private Optional<MakeReport> next = Optional.empty();

    /**
     * Starts the service.
     *
     * @param platform stays the caller's: closing the service leaves it open
     * @param keys the boot key set of this moment, asked for each report
     */
    public AttestationService(Platform platform, Supplier<BootKeySet> keys, Settings settings) {
        this.platform = platform;
        this.keys = keys;
        this.batcher = new ReportBatcher(settings);
        this.worker = Thread.ofPlatform().name("attestation").daemon().unstarted(this::run);
        worker.start();
    }

    @Override
    public CompletableFuture<Evidence> attest(Leaf leaf) {
        CompletableFuture<Evidence> answer = new CompletableFuture<>();
        List<Runnable> completions;
        lock.lock();
        try {
            long ticket = ++tickets;
            callers.put(ticket, answer);
            answer.whenComplete((made, failure) -> giveUp(ticket));
            completions = feed(new BatcherInput.Asked(ticket, leaf), List.of());
        } finally {
            lock.unlock();
        }
        completions.forEach(Runnable::run);
        return answer;
    }

    /** Does nothing for a ticket that was served. */
    private void giveUp(long ticket) {
        lock.lock();
        try {
            if (callers.remove(ticket) != null) {
                feed(new BatcherInput.GivenUp(ticket), List.of());
            }
        } finally {
            lock.unlock();
        }
    }

    public Status status() {
        lock.lock();
        try {
            return batcher.status();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        Optional<MakeReport> batch = awaitBatch();
        while (batch.isPresent()) {
            make(batch.get().batch());
            batch = awaitBatch();
        }
    }

    /** Waits until a report is due; empty when the service has stopped. */
    private Optional<MakeReport> awaitBatch() {
        lock.lock();
        try {
            while (next.isEmpty() && !batcher.isStopped()) {
                awaitChange();
                feed(new BatcherInput.Tick(), List.of());
            }
            Optional<MakeReport> batch = next;
            next = Optional.empty();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void awaitChange() {
        try {
            OptionalLong wake = batcher.wakeAt();
            if (wake.isEmpty()) {
                changed.await();
            } else {
                changed.awaitNanos(wake.getAsLong() - System.nanoTime());
            }
        } catch (InterruptedException e) {
            // nobody interrupts this thread to any purpose: close() is what ends it
            LOG.log(System.Logger.Level.DEBUG, "interrupted while waiting", e);
        }
    }

    private void make(List<Request> batch) {
        List<Evidence> evidence = List.of();
        BatcherInput outcome;
        try {
            evidence = prove(batch);
            outcome = new BatcherInput.Made();
        } catch (PlatformException.KeyWiped e) {
            LOG.log(System.Logger.Level.ERROR, "this node attests no more: {0}", e.getMessage());
            outcome = new BatcherInput.Failed(e);
        } catch (RuntimeException e) { // whatever went wrong, the callers must hear of it and the thread must live
            LOG.log(System.Logger.Level.WARNING, "no report for {0} leaves: {1}", batch.size(), e.getMessage());
            outcome = new BatcherInput.Failed(e);
        } catch (Error e) { // a library that does not load, for one
            LOG.log(System.Logger.Level.ERROR, "no report for " + batch.size() + " leaves", e);
            outcome = new BatcherInput.Failed(new PlatformException.DeviceFailure("the platform failed: " + e, e));
        }
        List<Runnable> completions;
        lock.lock();
        try {
            completions = feed(outcome, evidence);
        } finally {
            lock.unlock();
        }
        // callers may have hung work on their answers; it must not hold up the next report
        Thread.ofVirtual().name("attestation-answers").start(() -> completions.forEach(Runnable::run));
    }

    private List<Evidence> prove(List<Request> batch) {
        BootKeySet present = keys.get();
        List<Bytes> hashes =
                batch.stream().map(request -> request.leaf().hash()).toList();
        HardwareEvidence hardware = platform.attest(ReportData.of(present, MerkleTree.rootOfHashes(hashes)));
        List<Evidence> evidence = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            MerkleTree.Path path = MerkleTree.pathOfHashes(hashes, i);
            evidence.add(new Evidence(hardware, present, batch.get(i).leaf(), path));
        }
        return evidence;
    }

    /**
     * Under the lock; what it answers is to be run outside.
     *
     * @param evidence that of the report which the input tells of
     */
    private List<Runnable> feed(BatcherInput input, List<Evidence> evidence) {
        List<Runnable> completions = new ArrayList<>();
        for (BatcherEffect effect : batcher.step(input, System.nanoTime())) {
            switch (effect) {
                case MakeReport due -> next = Optional.of(due);
                case BatcherEffect.Answer answer -> {
                    for (int i = 0; i < evidence.size(); i++) {
                        Evidence made = evidence.get(i);
                        CompletableFuture<Evidence> caller =
                                caller(answer.batch().get(i).ticket());
                        completions.add(() -> caller.complete(made));
                    }
                }
                case BatcherEffect.Refuse refuse -> {
                    for (long ticket : refuse.tickets()) {
                        CompletableFuture<Evidence> caller = caller(ticket);
                        completions.add(() -> caller.completeExceptionally(refuse.cause()));
                    }
                }
            }
        }
        changed.signalAll();
        return completions;
    }

    /** One who gave up while the report was made is answered in vain. */
    private CompletableFuture<Evidence> caller(long ticket) {
        CompletableFuture<Evidence> waiting = callers.remove(ticket);
        return waiting == null ? new CompletableFuture<>() : waiting;
    }

    /** Ends the thread; leaves that still wait fail. */
    @Override
    public void close() {
        List<Runnable> completions;
        lock.lock();
        try {
            completions = feed(
                    new BatcherInput.Closed(new IllegalStateException("the attestation service is closed")), List.of());
        } finally {
            lock.unlock();
        }
        completions.forEach(Runnable::run);
        try {
            worker.join(CLOSING); // a platform that hangs does not hold up the node's end: the thread is a daemon
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
