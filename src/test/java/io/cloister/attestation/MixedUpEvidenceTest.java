package io.cloister.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.tpm.PcrValues;
import io.cloister.attestation.tpm.QuoteEvidence;
import io.cloister.codec.Bytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every report beside every leaf, every leaf under every issuer, every blob beside every leaf and every quote. */
class MixedUpEvidenceTest {
    private static final List<String> LINES = List.of("milan", "genoa", "turin");

    private final EvidenceVerifier verifier = new EvidenceVerifier();

    /** Where vectors come from: reports with their leafs, blobs with theirs, quotes with the nonce that they have. */
    enum Source {
        GENUINE(
                Map.ofEntries(
                        Map.entry("gsg_milan_v2_debug", "gsg_milan_vcek"),
                        Map.entry("coco_milan_v2_idkey", "coco_milan_vcek"),
                        Map.entry("coco_milan_v3_vlek", "coco_milan_vlek"),
                        Map.entry("tav_milan_v3", "tav_milan_vcek"),
                        Map.entry("tav_genoa_v3", "tav_genoa_vcek"),
                        Map.entry("tav_turin_v5", "tav_turin_vcek"),
                        Map.entry("az_genoa_v3", "az_genoa_vcek"),
                        Map.entry("az_userdata_v3", "az_userdata_vcek"),
                        Map.entry("az_milan3_v3", "az_milan3_vcek"),
                        Map.entry("az_kinvolk_v2", ""),
                        Map.entry("az_coco_milan_v2", "az_coco_milan_vcek")),
                List.of("sev_turin_vcek_only", "az_kinvolk_vcek"),
                Map.of(
                        "az_genoa", "az_genoa_vcek",
                        "az_userdata", "az_userdata_vcek",
                        "az_milan3", "az_milan3_vcek",
                        "az_coco_milan", "az_coco_milan_vcek",
                        "az_kinvolk", ""),
                Map.of(
                        "az_genoa",
                        "az_genoa",
                        "az_userdata",
                        "az_userdata",
                        "az_milan3",
                        "az_milan3",
                        "az_coco_milan",
                        "")),
        OWN(
                Map.of(
                        "milan_v2_debug", "milan_vcek",
                        "milan_v3_vlek", "milan_vlek",
                        "genoa_v2", "genoa_vcek",
                        "genoa_v3", "genoa_vcek",
                        "turin_v5", "turin_vcek"),
                List.of("milan_other_vcek", "turin_other_vcek", "milan_other_tcb_vcek", "turin_other_fmc_vcek"),
                Map.of("header1", "milan_vcek", "header2", "genoa_vcek", "old", "milan_vcek"),
                Map.of("stranger", ""));

        /** Name of a report to the one leaf that is its own, empty for none. */
        final Map<String, String> reports;

        final Set<String> leafs = new TreeSet<>();
        final Map<String, String> blobs;

        /** Name of a quote to the one blob whose key signed it, empty for none. */
        final Map<String, String> quotes;

        Source(
                Map<String, String> reports,
                List<String> otherLeafs,
                Map<String, String> blobs,
                Map<String, String> quotes) {
            this.reports = new TreeMap<>(reports);
            this.blobs = new TreeMap<>(blobs);
            this.quotes = new TreeMap<>(quotes);
            leafs.addAll(reports.values());
            leafs.addAll(otherLeafs);
            leafs.remove("");
        }

        Bytes report(String name) {
            return this == GENUINE ? Vectors.report(name) : Golden.report(name);
        }

        Bytes certificate(String name) {
            return this == GENUINE ? Vectors.certificate(name) : Golden.certificate(name);
        }

        Bytes azure(String name) {
            return this == GENUINE ? Vectors.read("azure/" + name) : Golden.read("tpm/" + name);
        }

        Collateral chain(String leaf) {
            return new Collateral(
                    certificate(leaf),
                    certificate(line(leaf) + (leaf.endsWith("vlek") ? "_asvk" : "_ask")),
                    certificate(line(leaf) + "_ark"));
        }

        QuoteEvidence quote(String name) {
            boolean whole = this == GENUINE && !name.equals("az_coco_milan");
            PcrValues pcrs = whole ? PcrValues.wholeBank(azure(name + ".pcrs.bin")) : PcrValues.NONE;
            return new QuoteEvidence(azure(name + ".quote.msg"), azure(name + ".quote.sig"), pcrs, Bytes.EMPTY);
        }

        Set<Bytes> roots() {
            return this == GENUINE ? Set.of() : Golden.roots();
        }

        /** When all but the genuine VLEK are valid. */
        Instant at() {
            return this == GENUINE ? Instant.parse("2026-06-01T00:00:00Z") : Golden.at();
        }
    }

    private static String line(String name) {
        return LINES.stream().filter(name::contains).findFirst().orElse("milan"); // those of Azure without one are
    }

    private static List<String> failed(Examination examination) {
        return examination.checks().stream()
                .filter(check -> check.result() == Check.Result.FAILED)
                .map(Check::name)
                .toList();
    }

    private Examination examine(Source from, Bytes report, Collateral chain) {
        return verifier.examine(new SnpEvidence(report, chain), Demanded.NOTHING, from.roots(), from.at());
    }

    @ParameterizedTest
    @EnumSource
    void eachReportIsAcceptedWithItsOwnLeafOnly(Source from) {
        from.reports.forEach((report, own) -> from.leafs.forEach(leaf -> {
            Examination examination = examine(from, from.report(report), from.chain(leaf));
            if (leaf.equals(own)) {
                assertThat(failed(examination))
                        .as("%s with %s", report, leaf)
                        .isSubsetOf(leaf.equals("coco_milan_vlek") ? List.of("certificate-validity") : List.of());
                return;
            }
            assertThat(examination.genuine()).isEmpty();
            List<String> reasons = failed(examination);
            if (leaf.contains("_other_") && report.startsWith(line(leaf)) && !leaf.endsWith("_other_vcek")) {
                assertThat(reasons).as("%s with %s", report, leaf).contains("tcb-match");
                return; // the very key, at another TCB
            }
            assertThat(reasons).as("%s with %s", report, leaf).contains("report-signature");
            boolean sameLine = line(report).equals(line(leaf));
            boolean statesProcessor = !report.contains("_v2");
            if (!sameLine && statesProcessor) {
                assertThat(reasons).as("%s with %s", report, leaf).contains("product-line");
            } else if (!leaf.endsWith("_vlek")) {
                assertThat(reasons).as("%s with %s", report, leaf).contains("chip-id");
            }
        }));
    }

    @ParameterizedTest
    @EnumSource
    void eachLeafHoldsUnderItsOwnIssuersOnly(Source from) {
        Bytes report = from.report(from.reports.keySet().iterator().next());
        for (String leaf : from.leafs) {
            Collateral own = from.chain(leaf);
            for (Bytes intermediate : issuers(from)) {
                for (String line : LINES) {
                    Collateral mixed = new Collateral(own.vek(), intermediate, from.certificate(line + "_ark"));
                    boolean right = mixed.equals(own);
                    assertThat(failed(examine(from, report, mixed)).contains("certificate-chain"))
                            .as("%s under %s", leaf, line)
                            .isNotEqualTo(right);
                }
            }
        }
    }

    private static List<Bytes> issuers(Source from) {
        List<Bytes> issuers = new ArrayList<>();
        LINES.forEach(line -> issuers.add(from.certificate(line + "_ask")));
        issuers.add(from.certificate("milan_asvk"));
        return issuers;
    }

    @ParameterizedTest
    @EnumSource
    void eachBlobIsAcceptedWithItsOwnLeafOnly(Source from) {
        from.blobs.forEach((blob, own) -> from.leafs.forEach(leaf -> {
            Examination examination = verifier.examineAzure(
                    from.azure(blob + ".hcl.bin"),
                    Optional.empty(),
                    from.chain(leaf),
                    Optional.empty(),
                    Demanded.NOTHING,
                    from.roots(),
                    from.at());
            assertThat(examination.genuine().isPresent())
                    .as("%s with %s", blob, leaf)
                    .isEqualTo(leaf.equals(own));
            assertThat(failed(examination)).doesNotContain("binding");
        }));
    }

    @ParameterizedTest
    @EnumSource
    void eachQuoteIsAcceptedBesideItsOwnBlobOnly(Source from) {
        from.quotes.forEach((quote, own) -> from.blobs.forEach((blob, leaf) -> {
            if (leaf.isEmpty()) {
                return;
            }
            Examination examination = verifier.examineAzure(
                    from.azure(blob + ".hcl.bin"),
                    Optional.empty(),
                    from.chain(leaf),
                    Optional.of(from.quote(quote)),
                    Demanded.NOTHING,
                    from.roots(),
                    from.at());
            assertThat(failed(examination))
                    .as("%s beside %s", quote, blob)
                    .isEqualTo(blob.equals(own) ? List.of() : List.of("quote-signature"));
            assertThat(examination.genuine().isPresent()).isEqualTo(blob.equals(own));
        }));
    }

    /** A blob of one machine whose report is another's: then the claims are not what the report binds. */
    @ParameterizedTest
    @EnumSource
    void claimsBesideAnotherReportAreNotBound(Source from) {
        Stream.of("header1", "header2", "az_genoa", "az_userdata")
                .filter(from.blobs::containsKey)
                .forEach(blob -> from.reports.keySet().forEach(report -> {
                    Bytes whole = from.azure(blob + ".hcl.bin");
                    Bytes other = from.report(report);
                    if (whole.slice(32, other.length()).equals(other)) {
                        return;
                    }
                    Bytes mixed = Bytes.concat(
                            whole.slice(0, 32),
                            other,
                            whole.slice(32 + other.length(), whole.length() - 32 - other.length()));
                    Examination examination = verifier.examineAzure(
                            mixed,
                            Optional.empty(),
                            from.chain(from.leafs.iterator().next()),
                            Optional.empty(),
                            Demanded.NOTHING,
                            from.roots(),
                            from.at());
                    assertThat(failed(examination)).as("%s in %s", report, blob).contains("binding");
                }));
    }
}
