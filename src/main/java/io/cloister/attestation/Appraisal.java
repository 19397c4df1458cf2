package io.cloister.attestation;

import io.cloister.attestation.policy.Subject;
import java.util.List;

/**
 * The second act: whether evidence that is known to be genuine satisfies a policy. Each rule is a check of its own, and
 * all of them are always made, so that a refused operator sees everything at once.
 */
final class Appraisal {
    private static final String PREFIX = "policy.";

    private Appraisal() {}

    static List<Check> of(Subject subject, Policy policy) {
        return policy.rules().stream()
                .map(rule -> Check.of(PREFIX + rule.name(), rule.test().apply(subject)))
                .toList();
    }

    static List<Check> skipped(Policy policy, String why) {
        return policy.rules().stream()
                .map(rule -> new Check(PREFIX + rule.name(), Check.Result.SKIPPED, why))
                .toList();
    }
}
