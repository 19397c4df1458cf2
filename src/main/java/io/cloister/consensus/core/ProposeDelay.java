package io.cloister.consensus.core;

/**
 * The base of the propose timeout: four times the moving average of how long proposals took from the start of their
 * round, between a quarter of the configured base and the cap. It never doubles and forgets within a few heights.
 */
final class ProposeDelay {
    private static final int FACTOR = 4;
    private static final int SMOOTHING = 8;

    private final Timeouts timeouts;
    private long averageTimesSmoothing;
    private long beganAt;
    private boolean waiting;

    ProposeDelay(Timeouts timeouts) {
        this.timeouts = timeouts;
        this.averageTimesSmoothing = timeouts.proposeBase() * SMOOTHING / FACTOR;
    }

    /** Round 0 of a height begins. */
    void began(long nowMillis) {
        beganAt = nowMillis;
        waiting = true;
    }

    /** The proposal of round 0 is there; the first call counts. */
    void arrived(long nowMillis) {
        if (waiting) {
            waiting = false;
            observed(nowMillis - beganAt);
        }
    }

    /** A proposal was there so long after its round began. */
    void observed(long millis) {
        long bounded = Math.clamp(millis, 0, timeouts.cap());
        averageTimesSmoothing += bounded - averageTimesSmoothing / SMOOTHING;
    }

    long base() {
        long wanted = FACTOR * averageTimesSmoothing / SMOOTHING;
        return Math.clamp(wanted, Math.max(1, timeouts.proposeBase() / FACTOR), timeouts.cap());
    }
}
