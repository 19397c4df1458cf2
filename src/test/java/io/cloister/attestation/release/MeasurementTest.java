package io.cloister.attestation.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.platform.ReleaseFiles;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasurementTest {
    private static Bytes of(String war, String library) throws IOException {
        return Measurement.of(
                new ByteArrayInputStream(Bytes.utf8(war).toArray()),
                new ByteArrayInputStream(Bytes.utf8(library).toArray()));
    }

    @Test
    void isTheDocumentedFormula() throws IOException {
        Bytes length = Bytes.hex("00000030");

        assertThat(of("war", "library"))
                .isEqualTo(Hashes.sha384(
                        Bytes.utf8("cloister/measurement/v1"),
                        length,
                        Hashes.sha384(Bytes.utf8("war")),
                        length,
                        Hashes.sha384(Bytes.utf8("library"))));
    }

    @Test
    void changesWithEitherFileAndWithTheirOrder() throws IOException {
        assertThat(of("war", "library")).isNotEqualTo(of("waR", "library"));
        assertThat(of("war", "library")).isNotEqualTo(of("war", "librarY"));
        assertThat(of("war", "library")).isNotEqualTo(of("library", "war"));
        assertThat(of("war", "library")).isNotEqualTo(of("warl", "ibrary"));
    }

    @Test
    void measuresFiles(@TempDir Path folder) throws IOException {
        byte[] large = new byte[300_000];
        Path war = Files.write(folder.resolve("a.war"), large);
        Path library = Files.writeString(folder.resolve("l.so"), "library");

        assertThat(ReleaseFiles.measure(war, library))
                .isEqualTo(Measurement.ofDigests(Hashes.sha384(Bytes.of(large)), Hashes.sha384(Bytes.utf8("library"))));
    }
}
