package io.cloister.attestation.policy;

import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.VerifiedReport;
import io.cloister.attestation.steps.Outcome;
import io.cloister.codec.Bytes;
import java.util.List;
import java.util.SortedSet;

/**
 * Whose word counts.
 *
 * @param productLines lines that may attest; Milan, whose endorsement keys can be read out of the chip, only when named
 * @param testRoots SHA-256 of the SubjectPublicKeyInfo of test roots that alone make a simulated chain acceptable
 * @param revocationList whether a revocation list must have been looked at; {@code forbidden} makes no sense and is refused
 */
public record RootRules(SortedSet<ProductLine> productLines, SortedSet<Bytes> testRoots, Demand revocationList) {
    private static final int DIGEST = 32;

    public RootRules {
        productLines = Values.sorted(productLines);
        testRoots = Values.sized(testRoots, DIGEST, "test root's digest");
        Values.require(revocationList != Demand.FORBIDDEN, "a revocation list cannot be forbidden");
    }

    public List<Rule> rules() {
        return List.of(
                new Rule("root", this::root),
                new Rule("product-line", this::productLine),
                new Rule("revocation", this::revocation));
    }

    /** The verifier trusts only the policy's test roots already; here the rule is visible, and stands by itself. */
    private Outcome root(Subject subject) {
        VerifiedReport hardware = subject.hardware();
        if (!hardware.simulated()) {
            return Rule.judge(true, "AMD's root");
        }
        boolean named = testRoots.contains(hardware.rootDigest());
        return Rule.judge(named, "test root " + hardware.rootDigest() + (named ? "" : " is not named by the policy"));
    }

    private Outcome productLine(Subject subject) {
        ProductLine line = subject.hardware().line();
        boolean allowed = productLines.contains(line);
        String why = switch (line) {
            case MILAN -> "; Milan's endorsement keys can be read out of the chip (arXiv 2605.12990)";
            case GENOA, TURIN -> "";
        };
        return Rule.judge(allowed, line.title() + (allowed ? "" : " is not allowed" + why));
    }

    private Outcome revocation(Subject subject) {
        return revocationList.judge(
                subject.revocationKnown(), "a revocation list was looked at", "no revocation list was at hand");
    }
}
