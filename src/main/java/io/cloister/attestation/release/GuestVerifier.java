package io.cloister.attestation.release;

import io.cloister.attestation.Check;
import io.cloister.attestation.Examination;
import io.cloister.attestation.Grade;
import io.cloister.attestation.Policy;
import io.cloister.attestation.Verdict;
import io.cloister.attestation.policy.Subject;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Judges whether a running guest is a release: is its evidence genuine, does it meet the attestation policy that was
 * signed with the release, and on which rung does it stand?
 */
public final class GuestVerifier {
    private GuestVerifier() {}

    /** The policy that came with a release; empty for a document that is none. */
    public static Optional<Policy> policy(Bytes document) {
        try {
            return Optional.of(Policy.parse(document));
        } catch (CodecException unreadable) {
            return Optional.empty();
        }
    }

    /**
     * Makes all checks.
     *
     * @param release empty when it is not accepted; then no rung can be reached
     * @param document the policy that came with the release; without one nothing is appraised and there is no grade
     * @param guest what verifying the guest's evidence gave
     */
    public static ReleaseVerdict verify(
            Optional<ReleaseManifest> release, Optional<Bytes> document, Examination guest) {
        Checks checks = new Checks();
        TreeMap<String, String> claims = new TreeMap<>(guest.claims());
        Optional<Grade> grade = Optional.empty();
        Optional<Policy> policy = document.flatMap(GuestVerifier::policy);
        List<Check> lines = guest.checks();
        if (policy.isPresent()) {
            Verdict verdict = guest.appraise(policy.get());
            lines = verdict.checks();
            claims.putAll(verdict.claims());
            grade = Optional.of(verdict.grade());
        }
        lines.forEach(checks::add);
        if (document.isPresent() && policy.isEmpty()) {
            checks.failed("policy.format", "the document is no attestation policy");
        }
        ReleaseProof proof = proof(release, guest);
        proof.checks().forEach(checks::add);
        claims.putAll(proof.claims());
        boolean accepted = checks.noneFailed() && proof.rung().isPresent();
        return new ReleaseVerdict(accepted, grade, checks.lines(), claims);
    }

    private static ReleaseProof proof(Optional<ReleaseManifest> release, Examination guest) {
        if (release.isEmpty()) {
            return ReleaseProof.notJudged("the release is not accepted");
        }
        return guest.genuine()
                .filter(subject -> guest.passed())
                .map(subject -> ReleaseProof.of(release.get(), subject.hardware(), boot(subject)))
                .orElseGet(() -> ReleaseProof.notJudged("the guest's evidence is not genuine"));
    }

    /** The manifest names its profiles as the kinds of evidence are named. */
    private static Optional<QuotedBoot> boot(Subject subject) {
        return subject.quote()
                .map(quote -> new QuotedBoot(subject.kind(), quote.pcrs().values()));
    }
}
