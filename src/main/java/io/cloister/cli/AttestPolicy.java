package io.cloister.cli;

import io.cloister.attestation.Policy;
import io.cloister.attestation.ShippedPolicies;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Prints a policy with everything that it leaves unsaid, and its digest. */
final class AttestPolicy {
    static final String USAGE = "policy FILE|NAME";

    private final PrintStream out;

    AttestPolicy(PrintStream out) {
        this.out = out;
    }

    int run(List<String> given) {
        Arguments arguments = Arguments.parse(given, Set.of("--policy"), Set.of());
        if (!arguments.option("--policy").isEmpty() || arguments.positional().size() != 1) {
            throw new CommandFailed(
                    2,
                    "say: attest " + USAGE + "; names are "
                            + String.join(
                                    ", ",
                                    Arrays.stream(ShippedPolicies.values())
                                            .map(ShippedPolicies::title)
                                            .toList()));
        }
        Policy policy = Policies.named(
                "--policy",
                Arguments.parse(List.of("--policy", arguments.positional().getFirst()), Set.of("--policy"), Set.of()));
        out.print(policy.toJson());
        System.err.println("digest " + policy.digest().toHex());
        return 0;
    }
}
