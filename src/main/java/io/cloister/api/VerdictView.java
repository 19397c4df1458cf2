package io.cloister.api;

import io.cloister.attestation.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/** A verdict as the interface shows it. */
record VerdictView(String verdict, String grade, List<CheckView> checks, SortedMap<String, String> claims) {
    record CheckView(String name, String result, String detail) {}

    static VerdictView of(Verdict verdict) {
        return new VerdictView(
                verdict.accepted() ? "accepted" : "rejected",
                verdict.grade().name(),
                verdict.checks().stream()
                        .map(c -> new CheckView(c.name(), c.result().name().toLowerCase(Locale.ROOT), c.detail()))
                        .toList(),
                verdict.claims());
    }
}
