package io.cloister.cli;

import io.cloister.attestation.Examination;
import io.cloister.attestation.Policy;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Verifies and appraises a guest's evidence from files. */
final class AttestVerify {
    static final String USAGE = "verify " + GuestOptions.USAGE + " [--policy FILE|NAME] [--json]";
    static final String OF_NODE = "verify " + EvidenceOptions.USAGE + " [--policy FILE|NAME] [--json]";
    private static final Set<String> OPTIONS = Stream.of(
                    Set.of("--policy"), GuestOptions.OPTIONS, EvidenceOptions.OPTIONS)
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());
    private static final Set<String> FLAGS =
            Stream.concat(Stream.of("--json"), GuestOptions.FLAGS.stream()).collect(Collectors.toUnmodifiableSet());

    private final PrintStream out;

    AttestVerify(PrintStream out) {
        this.out = out;
    }

    int run(List<String> given) {
        Arguments arguments = Arguments.parse(given, OPTIONS, FLAGS);
        if (!arguments.positional().isEmpty()) {
            throw new CommandFailed(2, "say: attest " + USAGE);
        }
        Policy policy = Policies.named("--policy", arguments);
        if (arguments.option(EvidenceOptions.FILE).isPresent()) {
            return VerdictPrinter.print(new EvidenceOptions(arguments).verify(policy), arguments.has("--json"), out);
        }
        GuestFiles guest = GuestOptions.read(arguments)
                .orElseThrow(() -> new CommandFailed(2, "--report, --azure-blob or --evidence is needed"));
        Examination examination = guest.examine(policy.roots().testRoots());
        return VerdictPrinter.print(examination.appraise(policy), arguments.has("--json"), out);
    }
}
