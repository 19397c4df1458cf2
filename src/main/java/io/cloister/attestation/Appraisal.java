package io.cloister.attestation;

import io.cloister.attestation.Check.Result;
import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.GuestPolicy;
import io.cloister.attestation.snp.Tcb;
import io.cloister.attestation.snp.VerifiedReport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The second act: whether a report that is known to be genuine satisfies a policy. Each rule is a check of its own,
 * and all of them are always made, so that a refused operator sees everything at once.
 */
final class Appraisal {
    private record Answer(boolean holds, String detail) {}

    private record Rule(String name, Function<Appraisal, Answer> test) {}

    private static final List<Rule> RULES = List.of(
            new Rule("policy.root", Appraisal::root),
            new Rule("policy.product-line", Appraisal::productLine),
            new Rule("policy.minimum-tcb", Appraisal::minimumTcb),
            new Rule("policy.measurement", Appraisal::measurement),
            new Rule("policy.debug", Appraisal::debug),
            new Rule("policy.migration-agent", Appraisal::migrationAgent),
            new Rule("policy.smt", Appraisal::smt),
            new Rule("policy.single-socket", Appraisal::singleSocket),
            new Rule("policy.abi", Appraisal::abi),
            new Rule("policy.vmpl", Appraisal::vmpl));

    private final VerifiedReport verified;
    private final AttestationReport report;
    private final GuestPolicy guest;
    private final Policy policy;

    private Appraisal(VerifiedReport verified, Policy policy) {
        this.verified = verified;
        this.report = verified.report();
        this.guest = verified.report().policy();
        this.policy = policy;
    }

    static List<Check> of(VerifiedReport verified, Policy policy) {
        Appraisal appraisal = new Appraisal(verified, policy);
        List<Check> checks = new ArrayList<>();
        for (Rule rule : RULES) {
            Answer answer = rule.test().apply(appraisal);
            checks.add(new Check(rule.name(), answer.holds() ? Result.PASSED : Result.FAILED, answer.detail()));
        }
        return checks;
    }

    static List<Check> skipped(String why) {
        return RULES.stream()
                .map(rule -> new Check(rule.name(), Result.SKIPPED, why))
                .toList();
    }

    /** The verifier trusts only the policy's test roots already; here the rule is visible, and stands by itself. */
    private Answer root() {
        if (!verified.simulated()) {
            return new Answer(true, "AMD's root");
        }
        boolean named = policy.testRoots().contains(verified.rootDigest());
        return new Answer(named, "test root " + verified.rootDigest() + (named ? "" : " is not named by the policy"));
    }

    private Answer productLine() {
        boolean allowed = policy.productLines().contains(verified.line());
        String why = switch (verified.line()) {
            case MILAN -> "; Milan's endorsement keys can be read out of the chip (arXiv 2605.12990)";
            case GENOA, TURIN -> "";
        };
        return new Answer(allowed, verified.line().title() + (allowed ? "" : " is not allowed" + why));
    }

    private Answer minimumTcb() {
        Tcb reported = verified.reportedTcb();
        Tcb minimum = policy.minimumTcb().get(verified.line());
        if (minimum == null) {
            return new Answer(
                    false,
                    "the policy names no minimum TCB for " + verified.line().title());
        }
        return new Answer(reported.covers(minimum), reported + ", at least " + minimum);
    }

    private Answer measurement() {
        boolean known = policy.measurements().contains(report.measurement());
        return new Answer(known, report.measurement() + (known ? "" : " is not allowed"));
    }

    private Answer debug() {
        boolean holds = policy.guest().debugAllowed() || !guest.debugAllowed();
        return new Answer(holds, holds ? "as allowed" : "the host may read and write the guest's memory");
    }

    private Answer migrationAgent() {
        boolean holds = policy.guest().migrationAgentAllowed() || !guest.migrationAgentAllowed();
        return new Answer(holds, holds ? "as allowed" : "a migration agent may move the guest");
    }

    private Answer smt() {
        boolean holds = policy.guest().smtAllowed() || !guest.smtAllowed();
        return new Answer(holds, holds ? "as allowed" : "the guest may run with SMT");
    }

    private Answer singleSocket() {
        boolean holds = !policy.guest().singleSocketRequired() || guest.singleSocketRequired();
        return new Answer(holds, holds ? "as required" : "the guest is not kept to one socket");
    }

    private Answer abi() {
        int major = policy.guest().minimumAbiMajor();
        int minor = policy.guest().minimumAbiMinor();
        boolean holds = guest.abiMajor() > major || guest.abiMajor() == major && guest.abiMinor() >= minor;
        return new Answer(holds, guest.abiMajor() + "." + guest.abiMinor() + ", at least " + major + "." + minor);
    }

    private Answer vmpl() {
        return new Answer(report.vmpl() <= policy.maximumVmpl(), report.vmpl() + ", at most " + policy.maximumVmpl());
    }
}
