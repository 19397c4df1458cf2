package io.cloister.attestation;

import io.cloister.attestation.policy.Subject;
import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.SnpVerifier;
import io.cloister.attestation.snp.Step;
import io.cloister.attestation.snp.Verification;
import io.cloister.attestation.steps.Outcome;
import io.cloister.attestation.tpm.HclReport;
import io.cloister.attestation.tpm.QuoteEvidence;
import io.cloister.attestation.tpm.QuoteStep;
import io.cloister.attestation.tpm.QuoteVerification;
import io.cloister.attestation.tpm.QuoteVerifier;
import io.cloister.attestation.tpm.VerifiedQuote;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Examines each kind of evidence. Every answer lists the same checks in the same order: the steps of the report, {@code
 * binding}, the steps of the quote.
 */
final class Examiner {
    static final String BINDING = "binding";
    private static final Outcome NO_DATA = new Outcome.Skipped("no REPORT_DATA to compare with was given");

    private final SnpVerifier snp;
    private final QuoteVerifier quotes;

    Examiner(SnpVerifier snp, QuoteVerifier quotes) {
        this.snp = snp;
        this.quotes = quotes;
    }

    Examination snp(SnpEvidence evidence, Demanded demanded, Set<Bytes> testRoots, Instant at) {
        Verification verification = verify(evidence.report(), evidence.collateral(), testRoots, at);
        Outcome binding = data(verification, evidence.report(), demanded);
        return conclude(
                SnpEvidence.KIND,
                verification,
                binding,
                Optional.empty(),
                step -> new Outcome.Skipped("no TPM stands behind this evidence"));
    }

    /**
     * The report is what the blob holds, the quote's key what its claims name; without a quote the claims are looked at for
     * the binding alone.
     */
    Examination azure(
            Bytes blob,
            Optional<Bytes> beside,
            Collateral collateral,
            Optional<QuoteEvidence> quote,
            Demanded demanded,
            Set<Bytes> testRoots,
            Instant at) {
        Bytes inside = hardwareReport(blob);
        Bytes report = beside.orElse(inside);
        Verification verification = verify(report, collateral, testRoots, at);
        Outcome binding = azureBinding(blob, report.equals(inside), demanded);
        Optional<QuoteVerification> verified =
                quote.map(given -> quotes.verifyAzure(blob, given, demanded.nonce(), demanded.userData()));
        Function<QuoteStep, Outcome> without =
                step -> step == QuoteStep.QUOTE_NONCE && demanded.nonce().isPresent()
                        ? new Outcome.Failed("no quote was given that could have the nonce")
                        : new Outcome.Skipped("no quote was given");
        return conclude(AzureEvidence.KIND, verification, binding, verified, without);
    }

    private Outcome azureBinding(Bytes blob, boolean sameReport, Demanded demanded) {
        if (!sameReport) {
            return new Outcome.Failed("the blob holds another report");
        }
        if (demanded.reportData().isPresent() && demanded.nonce().isEmpty()) {
            return new Outcome.Failed("behind Azure's paravisor a guest chooses the quote's nonce, not REPORT_DATA");
        }
        return quotes.azureBinding(blob, demanded.userData());
    }

    Examination google(GoogleEvidence evidence, Demanded demanded, Set<Bytes> testRoots, Instant at) {
        Verification verification = verify(evidence.report(), evidence.collateral(), testRoots, at);
        QuoteVerification quote =
                quotes.verifyGoogle(evidence.keyCertificates(), evidence.quote(), demanded.nonce(), testRoots, at);
        Outcome binding = demanded.reportData().isEmpty()
                ? together(verification, evidence, quote, demanded)
                : data(verification, evidence.report(), demanded);
        Examination found = conclude(GoogleEvidence.KIND, verification, binding, Optional.of(quote), step -> NO_DATA);
        if (quote.quote().isEmpty()) {
            return found;
        }
        TreeMap<String, String> claims = new TreeMap<>(found.claims());
        claims.put("quote.key-root", quotes.isGoogles(evidence.keyCertificates()) ? "google" : "test root");
        return new Examination(found.checks(), found.genuine(), claims);
    }

    /** Where nothing is demanded, report and quote must at least be about the same. */
    private static Outcome together(
            Verification verification, GoogleEvidence evidence, QuoteVerification quote, Demanded demanded) {
        boolean apart = verification.passed(Step.REPORT_FORMAT)
                && quote.quote()
                        .filter(q -> !q.quote()
                                .extraData()
                                .equals(AttestationReport.parse(evidence.report())
                                        .reportData()))
                        .isPresent();
        return apart
                ? new Outcome.Failed("report and quote bind different data")
                : data(verification, evidence.report(), demanded);
    }

    private Verification verify(Bytes report, Collateral collateral, Set<Bytes> testRoots, Instant at) {
        return snp.verify(
                report,
                collateral.vek(),
                collateral.intermediate(),
                collateral.root(),
                collateral.revocations(),
                testRoots,
                at);
    }

    /** Nothing, which no report is, where the blob cannot be read. */
    private static Bytes hardwareReport(Bytes blob) {
        try {
            return HclReport.parse(blob).hardwareReport();
        } catch (CodecException e) {
            return Bytes.EMPTY;
        }
    }

    private static Outcome data(Verification verification, Bytes report, Demanded demanded) {
        if (demanded.userData().isPresent()
                || demanded.reportData().isEmpty() && demanded.nonce().isPresent()) {
            return new Outcome.Failed("a guest chooses REPORT_DATA here, and nothing else was given to compare");
        }
        if (demanded.reportData().isEmpty()) {
            return NO_DATA;
        }
        if (!verification.passed(Step.REPORT_FORMAT)) {
            return new Outcome.Skipped("the report cannot be read");
        }
        boolean equal = AttestationReport.parse(report)
                .reportData()
                .equals(demanded.reportData().get());
        return equal
                ? new Outcome.Passed("REPORT_DATA is what was demanded")
                : new Outcome.Failed("REPORT_DATA is not what was demanded");
    }

    private static Examination conclude(
            String kind,
            Verification verification,
            Outcome binding,
            Optional<QuoteVerification> quote,
            Function<QuoteStep, Outcome> withoutQuote) {
        List<Check> checks = new ArrayList<>();
        verification.outcomes().forEach((step, outcome) -> checks.add(Check.of(step.label(), outcome)));
        checks.add(Check.of(BINDING, binding));
        for (QuoteStep step : QuoteStep.values()) {
            if (step != QuoteStep.BINDING) {
                checks.add(Check.of(
                        step.label(),
                        quote.map(q -> q.outcomes().get(step)).orElseGet(() -> withoutQuote.apply(step))));
            }
        }
        Optional<VerifiedQuote> quoted = quote.flatMap(QuoteVerification::quote);
        boolean whole = quote.isEmpty() || quoted.isPresent();
        Optional<Subject> genuine = verification
                .report()
                .filter(report -> whole)
                .map(report -> new Subject(kind, report, quoted, verification.passed(Step.REVOCATION)));
        Map<String, String> claims = new TreeMap<>();
        claims.put("kind", kind);
        verification.report().ifPresent(report -> Claims.report(report, claims));
        genuine.flatMap(Subject::quote).ifPresent(q -> Claims.quote(q, claims));
        return new Examination(checks, genuine, new TreeMap<>(claims));
    }
}
