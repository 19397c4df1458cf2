package io.cloister.consensus.core;

/**
 * How near to the local clock the time of a fresh proposal has to be, in milliseconds: proposer-based timestamps. The
 * bound grows with the round, so that a network that is slower than expected still decides.
 *
 * @param precision how far honest clocks may be apart
 * @param delay how long a proposal may be under way in round 0
 */
public record Timeliness(long precision, long delay) {
    public static final Timeliness DEFAULT = new Timeliness(1_500, 2_500);

    public Timeliness {
        if (precision < 1 || delay < 1) {
            throw new IllegalArgumentException("precision and delay must be positive");
        }
    }

    /** Whether a proposal of this time may arrive now. */
    boolean holds(long proposedMillis, long nowMillis, int round) {
        long late = delay + delay * Math.min(round, 100) / 4;
        return nowMillis >= proposedMillis - precision && nowMillis <= proposedMillis + late + precision;
    }
}
