package io.cloister.attestation;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;

/** How often something runs in a second of this thread's processor time. */
final class CpuRate {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 5;
    private static final Duration WARM_UP = Duration.ofMillis(1500);
    private static final Duration ROUND = Duration.ofMillis(300);

    private CpuRate() {}

    /**
     * The median of some rounds after a time of warming up.
     *
     * @param batch what is measured
     * @param size how many operations a batch has
     * @param between what is done before each batch and not measured
     */
    static double of(Runnable batch, int size, Runnable between) {
        round(batch, size, between, WARM_UP);
        double[] rates = new double[ROUNDS];
        Arrays.setAll(rates, i -> round(batch, size, between, ROUND));
        Arrays.sort(rates);
        return rates[ROUNDS / 2];
    }

    private static double round(Runnable batch, int size, Runnable between, Duration atLeast) {
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
