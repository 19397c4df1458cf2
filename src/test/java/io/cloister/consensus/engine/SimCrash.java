package io.cloister.consensus.engine;

/** The simulated power goes off in the middle of an operation. Not a RuntimeException: no handler may survive it. */
final class SimCrash extends Error {
    private static final long serialVersionUID = 1L;

    SimCrash() {
        super("simulated crash", null, false, false);
    }
}
