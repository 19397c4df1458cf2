package io.cloister.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.cli.CommandFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {
    @TempDir
    private Path temporary;

    private Path home;

    @BeforeEach
    void sources() throws IOException {
        home = Files.createDirectories(temporary.resolve("project").resolve("sources"));
        Files.writeString(home.resolve("pom.xml"), "precious");
    }

    @Test
    void emptiesAFolderThatAnEarlierDemoMade() throws Exception {
        Path folder = temporary.resolve("new").resolve("demo");
        try (Workspace first = Workspace.claim(home, folder)) {
            Files.writeString(first.folder("node1").resolve("node.log"), "old");
        }

        try (Workspace second = Workspace.claim(home, folder)) {
            assertThat(second.folder().resolve("node1")).doesNotExist();
            assertThat(second.folder().resolve(DemoFolder.MARK)).isRegularFile();
        }
    }

    @Test
    void takesAnEmptyFolder() throws Exception {
        Path folder = Files.createDirectory(temporary.resolve("empty"));

        try (Workspace workspace = Workspace.claim(home, folder)) {
            assertThat(workspace.folder().resolve(DemoFolder.MARK)).isRegularFile();
        }
    }

    @Test
    void leavesAFolderAloneThatNoDemoMade() throws Exception {
        Path folder = Files.createDirectory(temporary.resolve("mine"));
        Path precious = Files.writeString(folder.resolve("lock"), "precious");

        refused(folder, "is not empty and no demo made it");

        assertThat(precious).hasContent("precious");
        assertThat(folder.resolve(DemoFolder.MARK)).doesNotExist();
    }

    @Test
    void leavesTheSourcesAndEveryFolderAboveThemAloneEvenWithTheMark() throws Exception {
        for (Path folder : List.of(home, home.getParent(), temporary, Path.of("/"))) {
            if (folder.startsWith(temporary)) {
                Files.writeString(folder.resolve(DemoFolder.MARK), "");
            }

            refused(folder, "a demo empties its folder");
        }
        assertThat(home.resolve("pom.xml")).hasContent("precious");
    }

    @Test
    void leavesTheHomeOfTheUserAndTheCurrentFolderAlone() {
        assertThat(DemoFolder.kept(home))
                .contains(Path.of(System.getProperty("user.home")), Path.of("").toAbsolutePath());
    }

    @Test
    void seesThroughLinks() throws Exception {
        Path link = Files.createSymbolicLink(temporary.resolve("link"), home);
        Path into = Files.createSymbolicLink(temporary.resolve("into"), home.getParent());

        refused(link, "a demo empties its folder");
        refused(into.resolve("sources"), "a demo empties its folder");
    }

    @Test
    void takesNoLinkForTheMark() throws Exception {
        Path folder = Files.createDirectory(temporary.resolve("linked"));
        Files.createSymbolicLink(folder.resolve(DemoFolder.MARK), home.resolve("pom.xml"));

        refused(folder, "is not empty and no demo made it");
    }

    @Test
    void refusesAFile() throws Exception {
        refused(home.resolve("pom.xml"), "is not a folder");
    }

    @Test
    void refusesAnEmptyName() {
        for (String name : List.of("", " ")) {
            assertThatThrownBy(() -> DemoFolder.chosen(Optional.of(name), home))
                    .isInstanceOf(CommandFailed.class)
                    .hasMessageContaining("--folder needs the name of a folder");
        }
        assertThat(DemoFolder.chosen(Optional.empty(), home)).isEqualTo(home.resolve(".demo"));
    }

    @Test
    void readsMountPointsAsTheKernelWritesThem() {
        assertThat(Mount.parse("sim /a\\040b/snp1 fuse.sim rw 0 0")).isEqualTo(new Mount("/a b/snp1", "fuse.sim"));
    }

    private void refused(Path folder, String why) {
        assertThatThrownBy(() -> Workspace.claim(home, folder))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining(why);
    }
}
