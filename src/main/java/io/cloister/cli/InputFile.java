package io.cloister.cli;

import io.cloister.codec.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A file that a user has named. */
final class InputFile {
    private static final int UNUSABLE = 2;
    private static final long MAX_SIZE = 4 << 20;

    private InputFile() {}

    /** @throws CommandFailed with code 2 when the option is missing or is no path */
    static Path path(String option, Arguments arguments) {
        try {
            return Path.of(arguments.required(option)).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new CommandFailed(UNUSABLE, option + ": not a path", e);
        }
    }

    /** @throws CommandFailed with code 2 when it is not there, not a file, too long or not readable */
    static Bytes read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new CommandFailed(UNUSABLE, file + ": there is no such file");
        }
        try {
            if (Files.size(file) > MAX_SIZE) {
                throw new CommandFailed(UNUSABLE, file + ": longer than " + MAX_SIZE + " bytes");
            }
            return Bytes.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new CommandFailed(UNUSABLE, file + ": cannot be read", e);
        }
    }
}
