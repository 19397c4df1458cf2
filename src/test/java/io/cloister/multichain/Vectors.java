package io.cloister.multichain;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;

/**
 * Public test vectors in the folder named by the system property {@code cloister.vectors}; absent ones skip the test.
 */
public final class Vectors {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .build();

    private Vectors() {}

    public static Bytes file(String path) {
        try {
            return Bytes.wrap(Files.readAllBytes(resolve(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode json(String path) {
        Path file = resolve(path);
        try (InputStream raw = Files.newInputStream(file);
                InputStream in = path.endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
            return MAPPER.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path resolve(String path) {
        String root = System.getProperty("cloister.vectors");
        Path file = root == null ? Path.of("absent") : Path.of(root, path);
        Assumptions.assumeTrue(Files.exists(file), "no vectors at cloister.vectors/" + path);
        return file;
    }
}
