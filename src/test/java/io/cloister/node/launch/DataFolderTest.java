package io.cloister.node.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    private Path temporary;

    @Test
    void makesAFolderThatOnlyItsOwnerReads() throws Exception {
        try (DataFolder data = DataFolder.claim(temporary.resolve("a/b"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temporary.resolve("a/b"))))
                    .isEqualTo("rwx------");
            assertThat(data.freshServerFolder()).isEmptyDirectory();
        }
    }

    @Test
    void refusesASecondHolderUntilTheFirstLetsGo() throws Exception {
        DataFolder first = DataFolder.claim(temporary);

        assertThatThrownBy(() -> DataFolder.claim(temporary))
                .isInstanceOf(LaunchRefused.class)
                .hasMessageContaining(temporary.toString());

        first.close();
        DataFolder.claim(temporary).close();
    }

    @Test
    void dropsWhatAnEarlierServerLeft() throws Exception {
        Path old = temporary.resolve("server/applications/cloister");
        Files.createDirectories(old);
        Files.writeString(old.resolve("a.class"), "old");

        try (DataFolder data = DataFolder.claim(temporary)) {
            assertThat(data.freshServerFolder()).isEmptyDirectory();
        }
    }

    @Test
    void leavesWhatBelongsToTheNode() throws Exception {
        Path sealed = Files.writeString(temporary.resolve("sealed"), "x");

        try (DataFolder data = DataFolder.claim(temporary)) {
            data.freshServerFolder();
        }

        assertThat(sealed).exists();
    }

    @Test
    void refusesAFileInTheFoldersPlace() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "x");

        assertThatThrownBy(() -> DataFolder.claim(file)).isInstanceOf(LaunchRefused.class);
    }
}
