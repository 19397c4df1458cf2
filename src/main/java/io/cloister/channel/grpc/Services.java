package io.cloister.channel.grpc;

import io.cloister.attestation.Leaf;
import io.cloister.attestation.Verdict;
import io.cloister.channel.ChannelMetrics;
import io.cloister.channel.Refusal;
import io.cloister.channel.flow.TokenBucket;
import io.cloister.channel.handshake.ChannelLeaf;
import io.cloister.channel.handshake.HandshakeMessage.Proof;
import io.cloister.codec.Bytes;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * What all parts of one network share: workers, timers, randomness, our evidence, counters and the log. Thread-safe.
 */
final class Services implements AutoCloseable {
    private static final Logger LOG = System.getLogger("io.cloister.channel");
    private static final int MAX_DETAIL = 400;
    private static final int LOG_BURST = 200;
    private static final double LOG_PER_SECOND = 5;

    final ChannelConfig config;
    final ChannelMetrics metrics = new ChannelMetrics();
    final SecureRandom random = new SecureRandom();
    private final ExecutorService workers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("channel-", 0).factory());
    private final ScheduledExecutorService timers;
    private final TokenBucket logLines = new TokenBucket(LOG_BURST, LOG_PER_SECOND, System.nanoTime());

    Services(ChannelConfig config) {
        this.config = config;
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("channel-timer").factory());
        executor.setRemoveOnCancelPolicy(true);
        this.timers = executor;
    }

    /** Milliseconds of a monotonic clock. */
    static long now() {
        return System.nanoTime() / 1_000_000;
    }

    Bytes nonce() {
        byte[] nonce = new byte[32];
        random.nextBytes(nonce);
        return Bytes.wrap(nonce);
    }

    /** Runs a task on a worker after a while; the handle cancels it. Does nothing once everything is closed. */
    Runnable after(Duration delay, Runnable task) {
        try {
            var pending = timers.schedule(() -> run(task), delay.toMillis(), TimeUnit.MILLISECONDS);
            return () -> pending.cancel(false);
        } catch (RejectedExecutionException closed) {
            return () -> {};
        }
    }

    void every(Duration period, Runnable task) {
        timers.scheduleWithFixedDelay(() -> run(task), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Runs a task on a worker; a task that throws is logged. */
    void run(Runnable task) {
        execute(() -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                fault("a task of the channel failed", e);
            }
        });
    }

    /** Hands a task to a worker as it is; after the close it is dropped, which is all that is left to do with it. */
    void execute(Runnable task) {
        try {
            workers.execute(task);
        } catch (RejectedExecutionException closed) {
            LOG.log(Level.TRACE, "a task came after the close");
        }
    }

    /** Our evidence with this leaf, signed by the slot key. */
    CompletableFuture<Proof> prove(Leaf leaf) {
        metrics.count("evidence.asked");
        CompletableFuture<Proof> proof;
        try {
            proof = config.attester()
                    .attest(leaf)
                    .thenApplyAsync(
                            evidence -> new Proof(evidence, config.slotKey().sign(ChannelLeaf.signingDigest(leaf))),
                            this::execute);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
        return proof;
    }

    /** Counts and logs why a peer was refused or dropped. */
    void refused(Refusal reason, String remote, String node, String detail) {
        metrics.refused(reason);
        Level level = reason == Refusal.CONNECTION_LOST ? Level.DEBUG : Level.WARNING;
        if (LOG.isLoggable(level) && mayLog()) {
            String line = "peer refused: reason={0} node={1} address={2} detail={3}";
            LOG.log(level, line, reason, node, remote, safe(detail));
        }
    }

    /** Counts and logs that a verified peer is no longer connected. */
    void parted(Refusal reason, String remote, String node, String detail) {
        metrics.count("connections.closed");
        switch (reason) {
            case SHUTDOWN, SUPERSEDED, REMOVED, CONNECTION_LOST -> {
                metrics.refused(reason);
                info("peer gone: reason={0} node={1} address={2} detail={3}", reason, node, remote, safe(detail));
            }
            default -> refused(reason, remote, node, detail);
        }
    }

    /** Counts the checks that a rejected verdict failed. */
    void rejected(Verdict verdict) {
        verdict.failures().forEach(check -> metrics.failedCheck(check.name()));
    }

    void info(String message, Object... values) {
        LOG.log(Level.INFO, message, values);
    }

    void fault(String message, Throwable cause) {
        metrics.count("faults");
        if (mayLog()) {
            LOG.log(Level.ERROR, message, cause);
        }
    }

    private boolean mayLog() {
        synchronized (logLines) {
            if (logLines.take(System.nanoTime())) {
                return true;
            }
        }
        metrics.count("log.suppressed");
        return false;
    }

    /** Keeps what a stranger influenced on one line of bounded length. */
    private static String safe(String detail) {
        String line = detail.replaceAll("[^\\x20-\\x7e]", "?");
        return line.length() <= MAX_DETAIL ? line : line.substring(0, MAX_DETAIL) + "...";
    }

    @Override
    public void close() {
        timers.shutdownNow();
        workers.shutdownNow();
    }
}
