package io.cloister.cli;

import io.cloister.attestation.Policy;
import io.cloister.codec.CodecException;
import java.nio.file.Path;

/** Policy documents from files. */
public final class Policies {
    private Policies() {}

    /** @throws CommandFailed with code 2 when the file is no policy */
    public static Policy read(Path file) {
        try {
            return Policy.parse(InputFile.read(file));
        } catch (CodecException e) {
            throw new CommandFailed(2, file + ": " + e.getMessage(), e);
        }
    }
}
