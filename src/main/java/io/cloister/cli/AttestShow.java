package io.cloister.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.codec.CodecException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Prints what stands in a report, blob, quote, event log, certificate, revocation list or evidence; judges nothing. */
final class AttestShow {
    static final String USAGE = "show FILE [--json]";

    private final PrintStream out;

    AttestShow(PrintStream out) {
        this.out = out;
    }

    int run(List<String> given) throws IOException {
        Arguments arguments = Arguments.parse(given, Set.of(), Set.of("--json"));
        if (arguments.positional().size() != 1) {
            throw new CommandFailed(2, "say: attest " + USAGE);
        }
        String name = arguments.positional().getFirst();
        Map<String, String> shown = describe(name);
        if (arguments.has("--json")) {
            out.println(new ObjectMapper().writeValueAsString(shown));
        } else {
            shown.forEach((member, value) -> out.println(member + " = " + value));
        }
        return 0;
    }

    private static Map<String, String> describe(String name) {
        try {
            return Descriptions.of(DerFile.read(InputFile.path(name)));
        } catch (CodecException e) {
            throw new CommandFailed(2, name + ": " + e.getMessage(), e);
        }
    }
}
