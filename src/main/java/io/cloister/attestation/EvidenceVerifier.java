package io.cloister.attestation;

import io.cloister.attestation.Check.Result;
import io.cloister.attestation.snp.SignatureProvider;
import io.cloister.attestation.snp.SnpVerifier;
import io.cloister.attestation.snp.Step;
import io.cloister.attestation.tpm.QuoteEvidence;
import io.cloister.attestation.tpm.QuoteVerifier;
import io.cloister.codec.Bytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Judges evidence in two acts. The first asks whether it is genuine and binds what was demanded: the steps of {@link
 * Step}, {@code binding}, and those of a TPM's quote. The second asks whether it satisfies a policy.
 * Thread-safe. The same inputs give the same verdict anywhere, so the ledger may use it with block time; what it remembers
 * of chains that verified saves work and changes no verdict.
 */
public final class EvidenceVerifier {
    private final Examiner examiner;

    public EvidenceVerifier() {
        this(new SnpVerifier());
    }

    /** With a chosen provider of signatures. */
    public EvidenceVerifier(SignatureProvider signatures) {
        this(new SnpVerifier(signatures));
    }

    private EvidenceVerifier(SnpVerifier snp) {
        this.examiner = new Examiner(snp, new QuoteVerifier());
    }

    /**
     * Both acts over evidence; never throws for what is in it.
     *
     * @param expectedLeaf the leaf that the caller demands, never one taken from the evidence
     * @param at the moment for which certificates must be valid
     */
    public Verdict verify(Evidence evidence, Leaf expectedLeaf, Policy policy, Instant at) {
        return examine(evidence, expectedLeaf, policy.roots().testRoots(), at).appraise(policy);
    }

    /**
     * The first act over evidence.
     *
     * @param testRoots SHA-256 of the SubjectPublicKeyInfo of test roots to be accepted beside AMD's, none in production
     */
    public Examination examine(Evidence evidence, Leaf expectedLeaf, Set<Bytes> testRoots, Instant at) {
        Optional<Bytes> data = ReportData.expected(evidence);
        Examination examination =
                examine(evidence.hardware(), data.map(Demanded::data).orElse(Demanded.NOTHING), testRoots, at);
        return bound(examination, evidence, leafFault(evidence, expectedLeaf, data), expectedLeaf.purpose());
    }

    /**
     * Both acts over evidence that somebody asked for by a nonce.
     *
     * @param spki SHA-256 of the TLS key that the asker has seen. Without it the one in the evidence is taken: then {@code
     *     binding} and the claim {@code binding.connection} say that a relay between asker and attester is not excluded
     */
    public Verdict verifyForNonce(Evidence evidence, Bytes nonce, Optional<Bytes> spki, Policy policy, Instant at) {
        Leaf leaf = Leaf.restNonce(nonce, spki.orElse(evidence.keys().tlsSpki()));
        Examination examination = examine(evidence, leaf, policy.roots().testRoots(), at);
        TreeMap<String, String> claims = new TreeMap<>(examination.claims());
        claims.put("binding.connection", spki.isPresent() ? "demanded" : "not-demanded");
        List<Check> checks = examination.checks().stream()
                .map(check -> spki.isEmpty() && check.name().equals(Examiner.BINDING) && check.result() == Result.PASSED
                        ? new Check(
                                check.name(),
                                check.result(),
                                check.detail() + "; no connection was demanded, so who relayed it is not known")
                        : check)
                .toList();
        return new Examination(checks, examination.genuine(), claims).appraise(policy);
    }

    /**
     * Both acts over evidence that nobody asked for by a nonce: what says that a stranger was given it, and to whom, cannot
     * be checked. The check {@code binding} fails for evidence of a channel or an announcement, and where the hardware
     * does not bind keys and leaf; else it is listed as skipped.
     */
    public Verdict verifyWithoutNonce(Evidence evidence, Policy policy, Instant at) {
        Leaf own = evidence.leaf();
        if (own.purpose() != Purpose.REST_NONCE) {
            Leaf other = new Leaf(Purpose.REST_NONCE, own.fields());
            return verify(evidence, other, policy, at);
        }
        Examination examination = examine(evidence, own, policy.roots().testRoots(), at);
        List<Check> checks = examination.checks().stream()
                .map(check -> check.name().equals(Examiner.BINDING) && check.result() == Result.PASSED
                        ? new Check(check.name(), Result.SKIPPED, "no nonce to compare with was given")
                        : check)
                .toList();
        return new Examination(checks, examination.genuine(), examination.claims()).appraise(policy);
    }

    /**
     * The first act over what hardware says, without keys and leaf; never throws for what is in it.
     *
     * @param demanded what it must bind
     */
    public Examination examine(HardwareEvidence hardware, Demanded demanded, Set<Bytes> testRoots, Instant at) {
        return switch (hardware) {
            case SnpEvidence snp -> examiner.snp(snp, demanded, testRoots, at);
            case AzureEvidence azure ->
                examineAzure(
                        azure.blob(),
                        Optional.empty(),
                        azure.collateral(),
                        Optional.of(azure.quote()),
                        demanded,
                        testRoots,
                        at);
            case GoogleEvidence google -> examiner.google(google, demanded, testRoots, at);
        };
    }

    /**
     * The first act over Azure's blob with or without a quote; without one nothing of the boot is proved.
     *
     * @param report where it came beside the blob, it must be the one in the blob
     */
    public Examination examineAzure(
            Bytes blob,
            Optional<Bytes> report,
            Collateral collateral,
            Optional<QuoteEvidence> quote,
            Demanded demanded,
            Set<Bytes> testRoots,
            Instant at) {
        return examiner.azure(blob, report, collateral, quote, demanded, testRoots, at);
    }

    private static Optional<String> leafFault(Evidence evidence, Leaf expectedLeaf, Optional<Bytes> data) {
        String purpose = expectedLeaf.purpose().label();
        if (evidence.leaf().purpose() != expectedLeaf.purpose()) {
            return Optional.of(
                    "the evidence is for " + evidence.leaf().purpose().label() + ", not for " + purpose);
        }
        if (!evidence.leaf().equals(expectedLeaf)) {
            return Optional.of("the evidence was made for another " + purpose + " leaf");
        }
        return data.isEmpty() ? Optional.of("the path is of an impossible shape") : Optional.empty();
    }

    /** Brings into {@code binding} what the evidence says beyond its hardware. */
    private static Examination bound(
            Examination examination, Evidence evidence, Optional<String> fault, Purpose purpose) {
        List<Check> checks = new ArrayList<>();
        for (Check check : examination.checks()) {
            if (!check.name().equals(Examiner.BINDING)) {
                checks.add(check);
            } else if (fault.isPresent()) {
                checks.add(new Check(check.name(), Result.FAILED, fault.get()));
            } else if (check.result() == Result.PASSED) {
                checks.add(new Check(check.name(), Result.PASSED, "boot keys and " + purpose.label() + " leaf"));
            } else {
                checks.add(check);
            }
        }
        TreeMap<String, String> claims = new TreeMap<>(examination.claims());
        Claims.keys(evidence, claims);
        return new Examination(checks, examination.genuine(), claims);
    }
}
