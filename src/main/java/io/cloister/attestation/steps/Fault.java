package io.cloister.attestation.steps;

import java.util.function.Supplier;

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

    /** The same where the words cost more than the look. */
    public static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new Fault(otherwise.get());
        }
    }
}
