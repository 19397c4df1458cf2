package io.cloister.attestation;

import io.cloister.attestation.Check.Result;
import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.SignatureProvider;
import io.cloister.attestation.snp.SnpVerifier;
import io.cloister.attestation.snp.Step;
import io.cloister.attestation.snp.Verification;
import io.cloister.attestation.snp.VerifiedReport;
import io.cloister.attestation.steps.Outcome;
import io.cloister.codec.Bytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Judges evidence: is the report genuine (the steps of {@link Step}), does it bind these keys and this leaf ({@code
 * binding}), and does it satisfy the policy ({@code policy.*})? Stateless and thread-safe; the same inputs give the
 * same verdict anywhere, so the ledger may use it with block time.
 */
public final class EvidenceVerifier {
    private static final String BINDING = "binding";

    private final SnpVerifier snp;

    public EvidenceVerifier() {
        this(new SnpVerifier());
    }

    /** With a chosen provider of signatures. */
    public EvidenceVerifier(SignatureProvider signatures) {
        this(new SnpVerifier(signatures));
    }

    private EvidenceVerifier(SnpVerifier snp) {
        this.snp = snp;
    }

    /**
     * Judges evidence; never throws for what is in it.
     *
     * @param expectedLeaf the leaf that the caller demands, never one taken from the evidence
     * @param at the moment for which certificates must be valid
     */
    public Verdict verify(Evidence evidence, Leaf expectedLeaf, Policy policy, Instant at) {
        Verification verification = verifySnp(evidence.report(), evidence.collateral(), policy, at);
        return conclude(verification, binding(verification, evidence, expectedLeaf), policy, keyClaims(evidence));
    }

    /**
     * Judges evidence that nobody asked for by a nonce: what says that a stranger was given it, and to whom, cannot be
     * checked. The check {@code binding} fails for evidence of a channel or an announcement, and where the report does not
     * bind keys and leaf; else it is listed as skipped.
     */
    public Verdict verifyWithoutNonce(Evidence evidence, Policy policy, Instant at) {
        Verification verification = verifySnp(evidence.report(), evidence.collateral(), policy, at);
        Check binding = evidence.leaf().purpose() == Purpose.REST_NONCE
                ? unasked(binding(verification, evidence, evidence.leaf()))
                : failed("the evidence is for " + evidence.leaf().purpose().label());
        return conclude(verification, binding, policy, keyClaims(evidence));
    }

    private static Check unasked(Check binding) {
        return binding.result() == Result.PASSED
                ? new Check(BINDING, Result.SKIPPED, "no nonce to compare with was given")
                : binding;
    }

    /**
     * Judges a report that comes without keys and leaf. Without expected data nothing ties it to anybody: the check
     * {@code binding} is then listed as skipped, and acceptance says only that such a guest exists.
     *
     * @param reportData the 64 bytes that REPORT_DATA must be
     */
    public Verdict verifyReport(
            Bytes report, Collateral collateral, Optional<Bytes> reportData, Policy policy, Instant at) {
        Verification verification = verifySnp(report, collateral, policy, at);
        Check binding = reportData
                .map(expected -> compareData(verification, report, expected, "the expected REPORT_DATA"))
                .orElseGet(() -> new Check(BINDING, Result.SKIPPED, "no REPORT_DATA to compare with was given"));
        return conclude(verification, binding, policy, new TreeMap<>());
    }

    private Verification verifySnp(Bytes report, Collateral collateral, Policy policy, Instant at) {
        return snp.verify(
                report, collateral.vek(), collateral.intermediate(), collateral.root(), policy.testRoots(), at);
    }

    private static Verdict conclude(
            Verification verification, Check binding, Policy policy, TreeMap<String, String> claims) {
        List<Check> checks = new ArrayList<>();
        verification.outcomes().forEach((step, outcome) -> checks.add(check(step.label(), outcome)));
        checks.add(binding);
        Optional<VerifiedReport> verified = verification.report();
        checks.addAll(verified.map(report -> Appraisal.of(report, policy))
                .orElseGet(() -> Appraisal.skipped("the report is not known to be genuine")));
        boolean accepted = verified.isPresent() && checks.stream().noneMatch(check -> check.result() == Result.FAILED);
        if (verified.isEmpty()) {
            return new Verdict(false, Grade.D, checks, claims);
        }
        Grading grading = Grading.of(verified.get(), policy);
        reportClaims(verified.get(), claims);
        claims.put("grade.platform", grading.platform().name());
        claims.put("grade.custody", grading.custody().best().name());
        claims.put("grade.reasons", String.join(",", grading.reasons()));
        claims.put("custody", grading.custody().label());
        return new Verdict(accepted, accepted ? grading.grade() : Grade.D, checks, claims);
    }

    private static Check binding(Verification verification, Evidence evidence, Leaf expectedLeaf) {
        String purpose = expectedLeaf.purpose().label();
        if (evidence.leaf().purpose() != expectedLeaf.purpose()) {
            return failed("the evidence is for " + evidence.leaf().purpose().label() + ", not for " + purpose);
        }
        if (!evidence.leaf().equals(expectedLeaf)) {
            return failed("the evidence was made for another " + purpose + " leaf");
        }
        return ReportData.expected(evidence)
                .map(data -> compareData(verification, evidence.report(), data, "boot keys and " + purpose + " leaf"))
                .orElseGet(() -> failed("the path is of an impossible shape"));
    }

    private static Check compareData(Verification verification, Bytes report, Bytes expected, String what) {
        if (!verification.passed(Step.REPORT_FORMAT)) {
            return new Check(BINDING, Result.SKIPPED, "the report cannot be read");
        }
        return AttestationReport.parse(report).reportData().equals(expected)
                ? new Check(BINDING, Result.PASSED, what)
                : failed("REPORT_DATA does not bind " + what);
    }

    private static Check failed(String detail) {
        return new Check(BINDING, Result.FAILED, detail);
    }

    private static Check check(String name, Outcome outcome) {
        Result result = switch (outcome) {
            case Outcome.Passed ignored -> Result.PASSED;
            case Outcome.Failed ignored -> Result.FAILED;
            case Outcome.Skipped ignored -> Result.SKIPPED;
        };
        return new Check(name, result, outcome.detail());
    }

    private static TreeMap<String, String> keyClaims(Evidence evidence) {
        TreeMap<String, String> claims = new TreeMap<>();
        claims.put("keys.chain-id", evidence.keys().chainId());
        claims.put("keys.node-id", evidence.keys().nodeId().toHex());
        claims.put("keys.boot-counter", Long.toString(evidence.keys().bootCounter()));
        claims.put("leaf.purpose", evidence.leaf().purpose().label());
        return claims;
    }

    private static void reportClaims(VerifiedReport verified, TreeMap<String, String> claims) {
        AttestationReport report = verified.report();
        claims.put("report.version", Integer.toString(report.version()));
        claims.put("report.measurement", report.measurement().toHex());
        claims.put("report.policy", report.policy().toString());
        claims.put("report.platform-info", report.platformInfo().toString());
        claims.put("report.vmpl", Integer.toString(report.vmpl()));
        claims.put("report.guest-svn", Long.toString(report.guestSvn()));
        claims.put("report.reported-tcb", verified.reportedTcb().toString());
        claims.put("report.chip-id", verified.chipId().toHex());
        claims.put("report.host-data", report.hostData().toHex());
        claims.put("report.id-key-digest", report.idKeyDigest().toHex());
        claims.put("report.author-key-digest", report.authorKeyDigest().toHex());
        claims.put("report.firmware", report.currentFirmware());
        claims.put("root.product-line", verified.line().title());
        claims.put("root.key-digest", verified.rootDigest().toHex());
        claims.put("root.simulated", Boolean.toString(verified.simulated()));
        claims.put("signer", verified.signer().name());
        verified.provider().ifPresent(provider -> claims.put("signer.provider", provider));
        report.cpuid().ifPresent(cpuid -> claims.put("report.processor", cpuid.toString()));
    }
}
