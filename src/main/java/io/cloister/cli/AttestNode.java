package io.cloister.cli;

import io.cloister.attestation.Policy;
import io.cloister.client.ApiException;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;

/** Fetches a running node's evidence for a fresh nonce and holds it against the connection's own TLS key. */
final class AttestNode {
    static final String USAGE = "URL [--policy FILE|NAME] [--json]";

    private final PrintStream out;

    AttestNode(PrintStream out) {
        this.out = out;
    }

    int run(List<String> given) {
        Arguments arguments = Arguments.parse(given, Set.of("--policy"), Set.of("--json"));
        if (arguments.positional().size() != 1) {
            throw new CommandFailed(2, "say: attest " + USAGE);
        }
        NodeClient node =
                new NodeClient(NodeAddress.parse(arguments.positional().getFirst()));
        Policy policy = Policies.named("--policy", arguments);
        try {
            return VerdictPrinter.print(node.attest(policy).verdict(), arguments.has("--json"), out);
        } catch (ApiException e) {
            throw new CommandFailed(
                    2, String.valueOf(NodeAddress.noAnswer(node.uri(), e).getMessage()), e);
        }
    }
}
