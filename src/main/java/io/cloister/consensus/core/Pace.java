package io.cloister.consensus.core;

/**
 * The beat of the chain, in milliseconds.
 *
 * @param minBlockInterval least time between a decision and the next height's start when transactions wait
 * @param gather how long after a decision the next height waits for as many transactions as the last block had; a lone
 *     client is answered at once, and many share a block
 * @param emptyBlockInterval time after which a block is made without any
 * @param tick how often own messages are repeated and peers told what is missing
 * @param patience how long a peer may take to answer a request for blocks
 */
public record Pace(long minBlockInterval, long gather, long emptyBlockInterval, long tick, long patience) {
    public static final Pace DEFAULT = new Pace(100, 25, 5_000, 500, 3_000);

    public Pace {
        if (minBlockInterval < 0
                || gather < 0
                || emptyBlockInterval < Math.max(1, minBlockInterval)
                || tick < 1
                || patience < 1) {
            throw new IllegalArgumentException("intervals must be positive and empty blocks the rarer ones");
        }
    }

    /** So long without a block is more than an idle chain takes: something keeps it from deciding. */
    long stall() {
        return emptyBlockInterval + 6 * tick;
    }

    /** Whoever was heard of within this time counts as there. */
    long recent() {
        return 6 * tick;
    }

    /** How long the leader of a recovery waits for the last statements once there are enough. */
    long openingGrace() {
        return 2 * tick;
    }

    /** How long an opening may take once enough statements are there; linear in the attempt, with a cap. */
    long openingPatience(long attempt) {
        return patience * Math.clamp(attempt, 1, 10);
    }
}
