package io.cloister.cli;

import io.cloister.attestation.Policy;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Policy documents from files. */
public final class Policies {
    private Policies() {}

    /** @throws CommandFailed with code 2 when the file is no policy */
    public static Policy read(Path file) throws IOException {
        try {
            return Policy.parse(Bytes.of(Files.readAllBytes(file)));
        } catch (CodecException e) {
            throw new CommandFailed(2, file + " is no policy: " + e.getMessage(), e);
        }
    }
}
