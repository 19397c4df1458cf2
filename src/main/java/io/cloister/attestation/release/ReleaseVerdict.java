package io.cloister.attestation.release;

import io.cloister.attestation.Check;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An answer about a release or a part of it. Nothing is left unchecked silently: what was not looked at is listed as
 * skipped.
 *
 * @param accepted whether the documents were readable and no check failed
 * @param checks in the order in which they were made
 * @param claims what the documents say, by stable names; not to be relied on unless accepted
 */
public record ReleaseVerdict(boolean accepted, List<Check> checks, SortedMap<String, String> claims) {
    public ReleaseVerdict {
        checks = List.copyOf(checks);
        claims = Collections.unmodifiableSortedMap(new TreeMap<>(claims));
    }

    record Document(String verdict, List<Line> checks, SortedMap<String, String> claims) {}

    record Line(String name, String result, String detail) {}

    /** The checks that failed. */
    public List<Check> failures() {
        return checks.stream()
                .filter(check -> check.result() == Check.Result.FAILED)
                .toList();
    }

    /** {@code {"verdict":"accepted|rejected","checks":[{"name","result","detail"}],"claims":{}}}. */
    public String toJson() {
        List<Line> lines = checks.stream()
                .map(check -> new Line(check.name(), check.result().name().toLowerCase(Locale.ROOT), check.detail()))
                .toList();
        return Documents.pretty(new Document(accepted ? "accepted" : "rejected", lines, claims));
    }
}
