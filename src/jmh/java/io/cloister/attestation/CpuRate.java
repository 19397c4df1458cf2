package io.cloister.attestation;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/**
 * How often something runs in a second of this thread's processor time: the best of some rounds, because what else runs
 * on the machine can only slow one.
 */
final class CpuRate {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Duration WARM_UP = Duration.ofMillis(1500);
    private static final Duration ROUND = Duration.ofMillis(400);

    private final Runnable batch;
    private final int size;
    private final Runnable between;
    private double best;

    /**
     * Measures from the next round on.
     *
     * @param size how many operations a batch has
     * @param between what is done before each batch and not measured
     */
    CpuRate(Runnable batch, int size, Runnable between) {
        this.batch = batch;
        this.size = size;
        this.between = between;
        run(WARM_UP);
    }

    void round() {
        best = Math.max(best, run(ROUND));
    }

    double best() {
        return best;
    }

    private double run(Duration atLeast) {
        long nanos = 0;
        long done = 0;
        while (nanos < atLeast.toNanos()) {
            between.run();
            long start = THREADS.getCurrentThreadCpuTime();
            batch.run();
            nanos += THREADS.getCurrentThreadCpuTime() - start;
            done += size;
        }
        return done * 1e9 / nanos;
    }
}
