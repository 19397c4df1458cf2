package io.cloister.attestation.steps;

/** What a step found wrong, in words for people. {@link StepRun} turns it into an outcome; it has no stack trace. */
public final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Fault(String message) {
        super(message, null, false, false);
    }

    /** Finds fault with what does not hold. */
    public static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Fault(otherwise);
        }
    }
}
