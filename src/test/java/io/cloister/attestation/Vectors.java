package io.cloister.attestation;

import io.cloister.codec.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Genuine reports and certificates in the folder that {@code cloister.vectors} names; tests are skipped without it. */
public final class Vectors {
    private Vectors() {}

    public static Bytes report(String name) {
        return read("reports/" + name + ".bin");
    }

    public static Bytes certificate(String name) {
        return read("certs/" + name + ".der");
    }

    public static Bytes read(String name) {
        String folder = System.getProperty("cloister.vectors", "");
        if (folder.isEmpty() || !Files.isDirectory(Path.of(folder, "snp"))) {
            Assumptions.abort("no folder of genuine vectors (cloister.vectors)");
        }
        try {
            return Bytes.wrap(Files.readAllBytes(Path.of(folder, "snp").resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The chain of a leaf under AMD's certificates of a line. */
    public static Collateral collateral(String leaf, String line) {
        String intermediate = leaf.endsWith("_vlek") ? "_asvk" : "_ask";
        return new Collateral(certificate(leaf), certificate(line + intermediate), certificate(line + "_ark"));
    }
}
