package io.cloister.attestation;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The JSON form of verdicts. */
final class VerdictJson {
    private VerdictJson() {}

    /** A verdict as it is written. */
    record VerdictDocument(String verdict, String grade, List<CheckDocument> checks, Map<String, String> claims) {}

    record CheckDocument(String name, String result, String detail) {}

    static String verdict(Verdict verdict) {
        try {
            return StrictJson.MAPPER.writeValueAsString(document(verdict));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain records always have a JSON form", e);
        }
    }

    private static VerdictDocument document(Verdict verdict) {
        return new VerdictDocument(
                verdict.accepted() ? "accepted" : "rejected",
                verdict.grade().name(),
                verdict.checks().stream()
                        .map(check -> new CheckDocument(
                                check.name(), check.result().name().toLowerCase(Locale.ROOT), check.detail()))
                        .toList(),
                verdict.claims());
    }
}
