package io.cloister.attestation.tpm;

import io.cloister.attestation.steps.Outcome;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The result of verifying one quote.
 *
 * @param outcomes one for each step, in order
 * @param quote present exactly when no step failed and none was skipped but those that had nothing to look at: the
 *     event log where none was sent, the binding where the caller vouches for the key
 */
public record QuoteVerification(Map<QuoteStep, Outcome> outcomes, Optional<VerifiedQuote> quote) {
    public QuoteVerification {
        EnumMap<QuoteStep, Outcome> copy = new EnumMap<>(outcomes);
        outcomes = Collections.unmodifiableMap(copy);
    }

    /** Whether a step passed. */
    public boolean passed(QuoteStep step) {
        return outcomes.get(step) instanceof Outcome.Passed;
    }
}
