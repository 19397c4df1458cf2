package io.cloister.cli;

import io.cloister.attestation.kds.CollateralStore;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Carries a store of certificates to a verifier without a network, in one file. */
final class AttestStore {
    static final String USAGE = "store export|import --store FOLDER --file FILE";

    private final PrintStream out;

    AttestStore(PrintStream out) {
        this.out = out;
    }

    int run(List<String> given) throws IOException {
        Arguments arguments = Arguments.parse(given, Set.of("--store", "--file"), Set.of());
        if (arguments.positional().size() != 1) {
            throw new CommandFailed(2, "say: attest " + USAGE);
        }
        Path folder = InputFile.path("--store", arguments);
        CollateralStore store = new CollateralStore(folder, Set.of());
        Path file = InputFile.path("--file", arguments);
        return switch (arguments.positional().getFirst()) {
            case "export" -> exportTo(store, OutputFile.requireUsable("--file", file));
            case "import" -> importFrom(store, file);
            default -> throw new CommandFailed(2, "say: attest " + USAGE);
        };
    }

    private int exportTo(CollateralStore store, Path file) throws IOException {
        try (OutputStream output = new BufferedOutputStream(Files.newOutputStream(file))) {
            out.println(store.exportTo(output) + " files of the store are in " + file);
        }
        return 0;
    }

    /** What does not lead to AMD's roots is refused by name; the rest is kept. */
    private int importFrom(CollateralStore store, Path file) throws IOException {
        try (InputStream input = new BufferedInputStream(Files.newInputStream(file))) {
            CollateralStore.Imported imported = store.importFrom(input);
            out.println(imported.kept() + " files kept");
            imported.refused().forEach(name -> out.println("refused " + name));
            return imported.refused().isEmpty() ? 0 : 1;
        }
    }
}
