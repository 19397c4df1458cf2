package io.cloister.channel.flow;

/**
 * How long to wait before the next dial: doubles with each failure up to a cap, spread over the upper half so that
 * nodes that lost one peer at one time do not return at one time. (H16)
 */
public final class Backoff {
    private final long first;
    private final long cap;
    private int failures;

    /** Both in milliseconds. */
    public Backoff(long first, long cap) {
        if (first < 1 || cap < first) {
            throw new IllegalArgumentException("the cap is not below the first wait, which is positive");
        }
        this.first = first;
        this.cap = cap;
    }

    /**
     * The wait after one more failure.
     *
     * @param random uniform in [0, 1)
     * @return between half of the present step and the whole of it, in milliseconds
     */
    public long next(double random) {
        long step = Math.min(cap, first << Math.min(failures, 30));
        failures++;
        return Math.max(1, step / 2 + (long) (random * (step - step / 2)));
    }

    /** A connection was established: begin anew. */
    public void reset() {
        failures = 0;
    }
}
