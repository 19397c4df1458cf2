package io.cloister.evm;

import java.util.Locale;

/** A simulation needs more than its {@link Limits} allow; there is no result then. */
public final class LimitExceededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What ran out. */
    public enum Limit {
        GAS,
        MEMORY,
        DEPTH,
        TIME
    }

    private final Limit limit;

    LimitExceededException(Limit limit) {
        super("the simulation exceeds its limit of " + limit.name().toLowerCase(Locale.ROOT));
        this.limit = limit;
    }

    public Limit limit() {
        return limit;
    }
}
