package io.cloister.consensus.core;

/**
 * How long a round waits, in milliseconds: {@code base + round * delta}, never more than {@code cap}. Linear, so that a
 * network that was down for hours is back within a few rounds. The base of the propose timeout follows the proposals that
 * arrive, see {@link ProposeDelay}; {@code proposeBase} is where it begins.
 */
public record Timeouts(long proposeBase, long prevoteBase, long precommitBase, long delta, long cap) {
    public static final Timeouts DEFAULT = new Timeouts(1_000, 400, 250, 250, 10_000);

    public Timeouts {
        if (proposeBase < 1 || prevoteBase < 1 || precommitBase < 1 || delta < 1 || cap < proposeBase) {
            throw new IllegalArgumentException("timeouts must be positive and the cap no less than the base");
        }
    }

    /**
     * The paper's timeoutPropose(r), timeoutPrevote(r) and timeoutPrecommit(r).
     *
     * @param proposing the present base of the propose timeout
     */
    public long of(Step step, int round, long proposing) {
        long base = switch (step) {
            case PROPOSE -> proposing;
            case PREVOTE -> prevoteBase;
            case PRECOMMIT -> precommitBase;
        };
        return Math.min(cap, base + round * delta);
    }
}
