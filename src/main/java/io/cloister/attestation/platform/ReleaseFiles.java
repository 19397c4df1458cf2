package io.cloister.attestation.platform;

import io.cloister.attestation.release.Measurement;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Measures the files of a release for simulated platforms. */
public final class ReleaseFiles {
    private ReleaseFiles() {}

    /** The {@link Measurement} of a WAR and of {@code libcloistersnp.so}, 48 bytes. */
    public static Bytes measure(Path war, Path library) throws IOException {
        try (InputStream warBytes = Files.newInputStream(war);
                InputStream libraryBytes = Files.newInputStream(library)) {
            return Measurement.of(warBytes, libraryBytes);
        }
    }
}
