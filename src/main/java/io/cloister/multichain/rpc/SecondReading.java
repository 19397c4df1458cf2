package io.cloister.multichain.rpc;

/**
 * Which old blocks are to be read a second time, for what is watched only since they were read. What asks for it costs
 * strangers nothing, so it is rationed: wishes are served in batches, one pass after the other, and in the long run
 * only so many old blocks are read for each new one.
 */
final class SecondReading {
    private static final long NOTHING = Long.MAX_VALUE;

    /** Old blocks for each new one. */
    static final int RATION = 64;

    private final int most;
    private int left;
    private long next = NOTHING;
    private long wished = NOTHING;

    /** @param most old blocks that can be read at a stretch */
    SecondReading(int most) {
        this.most = most;
        this.left = most;
    }

    /** From this height on, sooner or later. */
    void wish(long height) {
        wished = Math.min(wished, height);
    }

    /** A new block, or a chain that became shorter: the first reading comes to {@code end} next. */
    void moved(long end, boolean newBlock) {
        left = newBlock ? Math.min(most, left + RATION) : left;
        if (next >= end) {
            next = NOTHING;
        }
    }

    /** True when a new pass over the blocks below {@code end} begins. */
    boolean begin(long end) {
        boolean begins = next == NOTHING && wished < end && left > 0;
        if (begins) {
            next = wished;
        }
        if (begins || wished >= end) {
            wished = NOTHING;
        }
        return begins;
    }

    boolean mayRead(long end) {
        return left > 0 && next < end;
    }

    boolean isDone(long end) {
        return next >= end && wished >= end;
    }

    long next() {
        return next;
    }

    void advance(long end) {
        left--;
        next = next + 1 < end ? next + 1 : NOTHING;
    }
}
