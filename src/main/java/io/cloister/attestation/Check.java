package io.cloister.attestation;

import io.cloister.attestation.steps.Outcome;
import java.util.Locale;

/**
 * One line of a verdict.
 *
 * @param name stable: a step of verification, {@code binding}, or {@code policy.} and a rule
 * @param detail what was seen, for people
 */
public record Check(String name, Result result, String detail) {
    /** How a check ended; skipped means that an earlier failure made it pointless, or that what it needs was not given. */
    public enum Result {
        PASSED,
        FAILED,
        SKIPPED
    }

    /** An outcome under its name. */
    static Check of(String name, Outcome outcome) {
        Result result = switch (outcome) {
            case Outcome.Passed ignored -> Result.PASSED;
            case Outcome.Failed ignored -> Result.FAILED;
            case Outcome.Skipped ignored -> Result.SKIPPED;
        };
        return new Check(name, result, outcome.detail());
    }

    @Override
    public String toString() {
        return name + " " + result.name().toLowerCase(Locale.ROOT) + ": " + detail;
    }
}
