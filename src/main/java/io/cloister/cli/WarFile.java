package io.cloister.cli;

import io.cloister.codec.Bytes;
import java.nio.file.Path;

/** The WAR of a release. */
final class WarFile {
    private static final long MAX_SIZE = 4L << 30;

    private WarFile() {}

    /** SHA-384, 48 bytes. */
    static Bytes digest(Path war) {
        return InputFile.digest(war, "SHA-384", MAX_SIZE);
    }
}
