package io.cloister.attestation.release;

import io.cloister.attestation.Check;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Grade;
import io.cloister.attestation.Policy;
import io.cloister.attestation.Verdict;
import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.Outcome;
import io.cloister.attestation.snp.SnpVerifier;
import io.cloister.attestation.snp.Verification;
import io.cloister.attestation.snp.VerifiedReport;
import io.cloister.attestation.tpm.QuoteVerification;
import io.cloister.attestation.tpm.QuoteVerifier;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Judges whether a running guest is a release: is its report genuine, does it meet the attestation policy that was signed
 * with the release, and on which rung does it stand? Any bytes end in an answer.
 */
public final class GuestVerifier {
    private final GuestEvidence guest;
    private final Checks checks = new Checks();
    private final TreeMap<String, String> claims = new TreeMap<>();
    private Optional<Grade> grade = Optional.empty();

    private GuestVerifier(GuestEvidence guest) {
        this.guest = guest;
    }

    /**
     * Makes all checks.
     *
     * @param release empty when it is not accepted; then no rung can be reached
     * @param policy the document that came with the release; without one nothing is appraised and there is no grade
     */
    public static ReleaseVerdict verify(
            Optional<ReleaseManifest> release, Optional<Bytes> policy, GuestEvidence guest) {
        return new GuestVerifier(guest).run(release, policy);
    }

    private ReleaseVerdict run(Optional<ReleaseManifest> release, Optional<Bytes> document) {
        Optional<Policy> policy = document.flatMap(GuestVerifier::readPolicy);
        Verification verification = new SnpVerifier()
                .verify(
                        guest.report(),
                        guest.collateral().vek(),
                        guest.collateral().intermediate(),
                        guest.collateral().root(),
                        guest.crl(),
                        policy.<Set<Bytes>>map(Policy::testRoots).orElse(Set.of()),
                        guest.at());
        verification.outcomes().forEach((step, outcome) -> add(step.label(), outcome));
        Optional<QuotedBoot> boot = guest.quote().flatMap(this::checkQuote);
        if (guest.quote().isEmpty()) {
            checkBinding(verification.report());
        }
        boolean genuine = checks.noneFailed();
        policy.ifPresent(this::appraise);
        if (document.isPresent() && policy.isEmpty()) {
            checks.failed("policy.format", "the document is no attestation policy");
        }
        ReleaseProof proof = release.isEmpty()
                ? ReleaseProof.notJudged("the release is not accepted")
                : verification
                        .report()
                        .filter(report -> genuine)
                        .map(report -> ReleaseProof.of(release.get(), report, boot))
                        .orElseGet(() -> ReleaseProof.notJudged("the guest's evidence is not genuine"));
        proof.checks().forEach(checks::add);
        claims.putAll(proof.claims());
        return new ReleaseVerdict(checks.noneFailed() && proof.rung().isPresent(), grade, checks.lines(), claims);
    }

    private static Optional<Policy> readPolicy(Bytes document) {
        try {
            return Optional.of(Policy.parse(document));
        } catch (CodecException unreadable) {
            return Optional.empty();
        }
    }

    private void appraise(Policy policy) {
        Verdict verdict = new EvidenceVerifier()
                .verifyReport(guest.report(), guest.collateral(), Optional.empty(), policy, guest.at());
        verdict.checks().stream()
                .filter(line -> line.name().startsWith("policy."))
                .forEach(checks::add);
        claims.putAll(verdict.claims());
        grade = Optional.of(verdict.grade());
    }

    private Optional<QuotedBoot> checkQuote(GuestEvidence.AzureQuote quote) {
        QuoteVerification verification =
                new QuoteVerifier().verifyAzure(quote.blob(), quote.evidence(), quote.nonce(), Optional.empty());
        verification.outcomes().forEach((step, outcome) -> add(step.label(), outcome));
        return verification
                .quote()
                .map(verified -> new QuotedBoot(quote.profile(), verified.pcrs().values()));
    }

    private void checkBinding(Optional<VerifiedReport> report) {
        if (guest.reportData().isEmpty()) {
            checks.skipped("binding", "no REPORT_DATA to compare with was given");
        } else if (report.isEmpty()) {
            checks.skipped("binding", "the report is not known to be genuine");
        } else {
            Bytes found = report.map(VerifiedReport::report)
                    .map(AttestationReport::reportData)
                    .get();
            checks.judge("binding", found.equals(guest.reportData().get()), "REPORT_DATA " + found.toHex());
        }
    }

    private void add(String name, Outcome outcome) {
        Check.Result result = switch (outcome) {
            case Outcome.Passed ignored -> Check.Result.PASSED;
            case Outcome.Failed ignored -> Check.Result.FAILED;
            case Outcome.Skipped ignored -> Check.Result.SKIPPED;
        };
        checks.add(new Check(name, result, outcome.detail()));
    }
}
