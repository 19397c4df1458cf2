package io.cloister.attestation.release;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cloister.attestation.Check;
import io.cloister.attestation.Grade;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An answer about a release or a part of it. Nothing is left unchecked silently: what was not looked at is listed as
 * skipped.
 *
 * @param accepted whether the documents were readable and no check failed
 * @param checks in the order in which they were made
 * @param grade of a guest's evidence; empty when none was judged by a policy
 * @param claims what the documents say, by stable names; not to be relied on unless accepted. {@code rung} and {@code
 *     rung.*} name the two rungs and whether a guest stands on them
 */
public record ReleaseVerdict(
        boolean accepted, Optional<Grade> grade, List<Check> checks, SortedMap<String, String> claims) {
    public ReleaseVerdict {
        checks = List.copyOf(checks);
        claims = Collections.unmodifiableSortedMap(new TreeMap<>(claims));
    }

    /** An answer about documents alone: no guest was looked at, so it stands on no rung. */
    static ReleaseVerdict ofDocuments(boolean accepted, List<Check> checks, Map<String, String> claims) {
        TreeMap<String, String> all =
                new TreeMap<>(ReleaseProof.notJudged("no report is given").claims());
        all.putAll(claims);
        return new ReleaseVerdict(accepted, Optional.empty(), checks, all);
    }

    /** This answer with a further one behind it; both must accept, else a grade is D. The later one's claims replace these. */
    public ReleaseVerdict and(ReleaseVerdict further) {
        List<Check> all = new ArrayList<>(checks);
        all.addAll(further.checks);
        TreeMap<String, String> both = new TreeMap<>(claims);
        both.putAll(further.claims);
        boolean whole = accepted && further.accepted;
        Optional<Grade> graded = further.grade.or(() -> grade).map(found -> whole ? found : Grade.D);
        return new ReleaseVerdict(whole, graded, all, both);
    }

    record Document(
            String verdict,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String grade,

            List<Line> checks,
            SortedMap<String, String> claims) {}

    record Line(String name, String result, String detail) {}

    /** The checks that failed. */
    public List<Check> failures() {
        return checks.stream()
                .filter(check -> check.result() == Check.Result.FAILED)
                .toList();
    }

    /** {@code {"verdict":"accepted|rejected","grade":"A","checks":[{"name","result","detail"}],"claims":{}}}. */
    public String toJson() {
        List<Line> lines = checks.stream()
                .map(check -> new Line(check.name(), check.result().name().toLowerCase(Locale.ROOT), check.detail()))
                .toList();
        return Documents.pretty(new Document(
                accepted ? "accepted" : "rejected", grade.map(Grade::name).orElse(null), lines, claims));
    }
}
