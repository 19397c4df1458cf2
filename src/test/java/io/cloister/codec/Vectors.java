package io.cloister.codec;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;

/**
 * Public test vectors in the folder that the system property {@code cloister.vectors} names; a test without them is
 * skipped.
 */
public final class Vectors {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS);

    private Vectors() {}

    public static Path file(String name) {
        String folder = System.getProperty("cloister.vectors", "");
        Path file = Path.of(folder, name);
        if (folder.isEmpty() || !Files.isRegularFile(file)) {
            Assumptions.abort("no vectors at " + name);
        }
        return file;
    }

    /** An open file, unpacked when its name ends in gz. */
    public static InputStream open(String name) {
        try {
            InputStream raw = Files.newInputStream(file(name));
            return name.endsWith(".gz") ? new GZIPInputStream(raw, 1 << 16) : raw;
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + name, e);
        }
    }

    public static JsonNode json(String name) {
        try (InputStream in = open(name)) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + name, e);
        }
    }
}
