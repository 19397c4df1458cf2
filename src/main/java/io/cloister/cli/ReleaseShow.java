package io.cloister.cli;

import io.cloister.attestation.release.ReleaseTool;
import io.cloister.codec.CodecException;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;

/** Prints a document of a release for people. */
final class ReleaseShow {
    private final PrintStream out;

    ReleaseShow(PrintStream out) {
        this.out = out;
    }

    void run(List<String> given) {
        List<String> words = Arguments.parse(given, Set.of(), Set.of()).positional();
        if (words.size() != 1) {
            throw new CommandFailed(2, "say: release show FILE");
        }
        try {
            out.println(ReleaseTool.show(DerFile.read(InputFile.path(words.getFirst()))));
        } catch (CodecException e) {
            throw new CommandFailed(2, words.getFirst() + ": " + e.getMessage(), e);
        }
    }
}
