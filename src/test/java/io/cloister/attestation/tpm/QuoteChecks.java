package io.cloister.attestation.tpm;

import io.cloister.attestation.steps.Outcome;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Shorthand for tests. */
public final class QuoteChecks {
    private QuoteChecks() {}

    public static Set<QuoteStep> failed(QuoteVerification verification) {
        Set<QuoteStep> failed = EnumSet.noneOf(QuoteStep.class);
        for (Map.Entry<QuoteStep, Outcome> entry : verification.outcomes().entrySet()) {
            if (entry.getValue() instanceof Outcome.Failed) {
                failed.add(entry.getKey());
            }
        }
        if (verification.quote().isPresent() != failed.isEmpty()
                || verification.outcomes().size() != QuoteStep.values().length) {
            throw new AssertionError(verification);
        }
        return failed;
    }
}
