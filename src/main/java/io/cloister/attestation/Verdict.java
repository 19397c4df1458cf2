package io.cloister.attestation;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The answer to evidence. Nothing is left unchecked silently: every check of the policy is listed with its result.
 *
 * @param accepted whether the report is genuine and no check failed
 * @param grade meaningful when accepted, D otherwise
 * @param checks in the order in which they were made
 * @param claims what the report says, by stable names; not to be relied on unless accepted. {@code grade.platform} and
 *     {@code grade.custody} give the two axes, {@code grade.reasons} the reasons as codes behind commas
 */
public record Verdict(boolean accepted, Grade grade, List<Check> checks, SortedMap<String, String> claims) {
    public Verdict {
        checks = List.copyOf(checks);
        claims = Collections.unmodifiableSortedMap(new TreeMap<>(claims));
    }

    /** The checks that failed. */
    public List<Check> failures() {
        return checks.stream()
                .filter(check -> check.result() == Check.Result.FAILED)
                .toList();
    }

    /** One line for a log: the grade, or what failed. */
    public String summary() {
        return accepted
                ? "accepted, grade " + grade
                : "rejected: "
                        + String.join(
                                "; ", failures().stream().map(Check::toString).toList());
    }

    /** {@code {"verdict":"accepted|rejected","grade":"A","checks":[{"name","result","detail"}],"claims":{}}}. */
    public String toJson() {
        return VerdictJson.verdict(this);
    }
}
