package io.cloister.attestation.snp;

import io.cloister.attestation.steps.Outcome;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The result of verifying one report against one chain.
 *
 * @param outcomes one for each step, in order
 * @param report present exactly when every step passed; {@code revocation} may be skipped, for want of a list
 */
public record Verification(Map<Step, Outcome> outcomes, Optional<VerifiedReport> report) {
    public Verification {
        EnumMap<Step, Outcome> copy = new EnumMap<>(outcomes);
        outcomes = Collections.unmodifiableMap(copy);
    }

    /** Whether a step passed. */
    public boolean passed(Step step) {
        return outcomes.get(step) instanceof Outcome.Passed;
    }
}
