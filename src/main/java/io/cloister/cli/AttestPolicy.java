package io.cloister.cli;

import io.cloister.attestation.Policy;
import io.cloister.attestation.ShippedPolicies;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Prints a policy with everything that it leaves unsaid, and its digest. */
final class AttestPolicy {
    static final String USAGE = "policy FILE|NAME";

    private final PrintStream out;

    AttestPolicy(PrintStream out) {
        this.out = out;
    }

    int run(List<String> given) {
        List<String> words = Arguments.parse(given, Set.of(), Set.of()).positional();
        if (words.size() != 1) {
            throw new CommandFailed(2, "say: attest " + USAGE + "; names are " + names());
        }
        Policy policy = Policies.named(words.getFirst());
        out.print(policy.toJson());
        System.err.println("digest " + policy.digest().toHex());
        return 0;
    }

    private static String names() {
        return Arrays.stream(ShippedPolicies.values())
                .map(ShippedPolicies::title)
                .collect(Collectors.joining(", "));
    }
}
