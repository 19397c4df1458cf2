package io.cloister.attestation;

import io.cloister.attestation.policy.Subject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The result of the first act: whether evidence is genuine and bound to what was demanded. Nothing is said yet of
 * whether it is good enough; {@link #appraise} does, for any number of policies.
 *
 * @param checks every check of verification with its result, in order
 * @param genuine what was proved; empty when the hardware's word, or the quote that belongs to it, does not hold
 * @param claims what the evidence says of itself, by stable names
 */
public record Examination(List<Check> checks, Optional<Subject> genuine, SortedMap<String, String> claims) {
    public Examination {
        checks = List.copyOf(checks);
        claims = Collections.unmodifiableSortedMap(new TreeMap<>(claims));
    }

    /** Whether every check passed or had nothing to look at. */
    public boolean passed() {
        return genuine.isPresent() && noneFailed(checks);
    }

    /** The second act. */
    public Verdict appraise(Policy policy) {
        List<Check> all = new ArrayList<>(checks);
        all.addAll(genuine.map(subject -> Appraisal.of(subject, policy))
                .orElseGet(() -> Appraisal.skipped(policy, "the evidence is not known to be genuine")));
        if (genuine.isEmpty()) {
            TreeMap<String, String> standing = new TreeMap<>(claims);
            standing.putAll(Rungs.of(all));
            return new Verdict(false, Grade.D, all, standing);
        }
        boolean accepted = noneFailed(all);
        Grading grading = Grading.of(genuine.get(), policy);
        TreeMap<String, String> graded = new TreeMap<>(claims);
        graded.put("grade.platform", grading.platform().name());
        graded.put("grade.custody", grading.custody().best().name());
        graded.put("grade.reasons", String.join(",", grading.reasons()));
        graded.put("custody", grading.custody().label());
        graded.putAll(Rungs.of(all));
        graded.put("policy.name", policy.name());
        graded.put("policy.digest", policy.digest().toHex());
        return new Verdict(accepted, accepted ? grading.grade() : Grade.D, all, graded);
    }

    private static boolean noneFailed(List<Check> checks) {
        return checks.stream().noneMatch(check -> check.result() == Check.Result.FAILED);
    }
}
