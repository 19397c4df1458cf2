package io.cloister.cli;

import io.cloister.codec.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/** A file that a user has named. */
final class InputFile {
    private static final int UNUSABLE = 2;
    private static final int MAX_SIZE = 4 << 20;
    private static final int PART = 1 << 16;

    private InputFile() {}

    /** @throws CommandFailed with code 2 when the option is missing or is no path */
    static Path path(String option, Arguments arguments) {
        return path(arguments.required(option), option + ": ");
    }

    /** @throws CommandFailed with code 2 when it is no path */
    static Path path(String text) {
        return path(text, "");
    }

    private static Path path(String text, String where) {
        try {
            return Path.of(text).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new CommandFailed(UNUSABLE, where + "not a path", e);
        }
    }

    /** The path behind an option that may be missing. */
    static Optional<Path> optional(String option, Arguments arguments) {
        return arguments.option(option).map(given -> path(option, arguments));
    }

    /** @throws CommandFailed with code 2 when it is not there, not a file, too long or not readable */
    static Bytes read(Path file) {
        return read(file, MAX_SIZE);
    }

    /** The same with another bound. */
    static Bytes read(Path file, int most) {
        require(file);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(most + 1);
            if (content.length > most) {
                throw new CommandFailed(UNUSABLE, file + ": longer than " + most + " bytes");
            }
            return Bytes.wrap(content);
        } catch (IOException e) {
            throw new CommandFailed(UNUSABLE, file + ": cannot be read", e);
        }
    }

    /**
     * The digest of a file that need not fit into memory.
     *
     * @param algorithm such as SHA-256
     * @throws CommandFailed as {@link #read}
     */
    static Bytes digest(Path file, String algorithm, long most) {
        require(file);
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            byte[] part = new byte[PART];
            long all = 0;
            for (int count = in.read(part); count >= 0; count = in.read(part)) {
                all += count;
                if (all > most) {
                    throw new CommandFailed(UNUSABLE, file + ": longer than " + most + " bytes");
                }
                digest.update(part, 0, count);
            }
            return Bytes.wrap(digest.digest());
        } catch (IOException e) {
            throw new CommandFailed(UNUSABLE, file + ": cannot be read", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the Java runtime lacks " + algorithm, e);
        }
    }

    private static void require(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new CommandFailed(UNUSABLE, file + ": there is no such file");
        }
    }
}
