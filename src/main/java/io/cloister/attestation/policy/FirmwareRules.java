package io.cloister.attestation.policy;

import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.Cpuid;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.Tcb;
import io.cloister.attestation.steps.Outcome;
import io.cloister.codec.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * How new firmware and microcode must be.
 *
 * @param minimumTcb least REPORTED_TCB of each line, component by component; a line without one is refused
 * @param minimumMicrocode least microcode of REPORTED_TCB by processor, because its numbers differ among the processors of
 *     one line; family and model in two hexadecimal digits each and the stepping, as in {@code 19/11/1}
 * @param minimumLaunchTcb least LAUNCH_TCB of each line, where there is one
 * @param provisional whether the firmware that runs may be newer than the one that the host has committed to
 * @param minimumMitigations bits that the mitigation vectors must have, by line, where there are any
 */
public record FirmwareRules(
        SortedMap<ProductLine, Tcb> minimumTcb,
        SortedMap<String, Integer> minimumMicrocode,
        SortedMap<ProductLine, Tcb> minimumLaunchTcb,
        Demand provisional,
        SortedMap<ProductLine, Mitigations> minimumMitigations) {
    private static final int FIRST_WITH_MITIGATIONS = 5;
    private static final int MAX_COMPONENT = 255;
    private static final Pattern PROCESSOR =
            Pattern.compile("[0-9a-f]{2}/[0-9a-f]{2}/(0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])");

    /**
     * Bits of mitigations that must be in force.
     *
     * @param launch when the guest was launched
     * @param current now
     */
    public record Mitigations(BitVector launch, BitVector current) {}

    public FirmwareRules {
        minimumTcb = Values.versions(minimumTcb);
        minimumMicrocode = Values.sorted(minimumMicrocode);
        minimumMicrocode.forEach((processor, least) -> {
            Values.require(PROCESSOR.matcher(processor).matches(), "a processor is written as in 19/11/1");
            Values.require(least >= 0 && least <= MAX_COMPONENT, "a microcode version is 0 to 255");
        });
        minimumLaunchTcb = Values.versions(minimumLaunchTcb);
        minimumMitigations = Values.sorted(minimumMitigations);
        Values.require(provisional != Demand.REQUIRED, "provisional firmware cannot be required");
    }

    public List<Rule> rules() {
        return List.of(
                new Rule("minimum-tcb", this::reported),
                new Rule("microcode", this::microcode),
                new Rule("launch-tcb", this::launched),
                new Rule("provisional-firmware", this::committed),
                new Rule(
                        "launch-mitigations",
                        s -> mitigations(s, Mitigations::launch, s.report().launchMitigations())),
                new Rule(
                        "mitigations",
                        s -> mitigations(s, Mitigations::current, s.report().currentMitigations())));
    }

    private Outcome reported(Subject subject) {
        ProductLine line = subject.hardware().line();
        Tcb found = subject.hardware().reportedTcb();
        Tcb minimum = minimumTcb.get(line);
        return minimum == null
                ? Rule.judge(false, "the policy names no minimum TCB for " + line.title())
                : Rule.judge(found.covers(minimum), found + ", at least " + minimum);
    }

    private Outcome microcode(Subject subject) {
        int found = subject.hardware().reportedTcb().microcode();
        String processor = subject.report().cpuid().map(Cpuid::toString).orElse("unknown");
        Integer least = minimumMicrocode.get(processor);
        if (minimumMicrocode.isEmpty()) {
            return Rule.notAsked("the policy names no microcode, processor " + processor + " has " + found);
        }
        return least == null
                ? Rule.judge(false, "the policy names no microcode for processor " + processor)
                : Rule.judge(found >= least, found + ", on processor " + processor + " at least " + least);
    }

    private Outcome launched(Subject subject) {
        ProductLine line = subject.hardware().line();
        Tcb found = tcb(subject, subject.report().launchTcb());
        Tcb minimum = minimumLaunchTcb.get(line);
        return minimum == null
                ? Rule.notAsked("the policy names no launch TCB for " + line.title() + ", it was " + found)
                : Rule.judge(found.covers(minimum), found + ", at least " + minimum);
    }

    private Outcome committed(Subject subject) {
        AttestationReport report = subject.report();
        boolean provisionalNow = !report.currentTcb().equals(report.committedTcb())
                || !report.currentFirmware().equals(report.committedFirmware());
        return provisional.judge(
                provisionalNow,
                "the host can still go back to " + tcb(subject, report.committedTcb()),
                "the host has committed to what runs");
    }

    private Outcome mitigations(Subject subject, Function<Mitigations, BitVector> which, long found) {
        BitVector demanded = Optional.ofNullable(
                        minimumMitigations.get(subject.hardware().line()))
                .map(which)
                .orElse(BitVector.NONE);
        if (demanded.bits() == 0) {
            return Rule.notAsked("the policy demands no mitigations");
        }
        if (subject.report().version() < FIRST_WITH_MITIGATIONS) {
            return Rule.judge(false, "a report of version " + subject.report().version() + " states no mitigations");
        }
        return Rule.judge((found & demanded.bits()) == demanded.bits(), new BitVector(found) + ", all of " + demanded);
    }

    private static Tcb tcb(Subject subject, Bytes eight) {
        return Tcb.decode(subject.hardware().line().tcbLayout(), eight);
    }
}
