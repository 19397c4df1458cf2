package io.cloister.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Habits that hold in every context. */
class HouseRulesTest {
    private static final Path SOURCES = Path.of("src", "main", "java");

    @Test
    void everyPackageSaysWhatItOwns() throws IOException {
        List<Path> silent = new ArrayList<>();
        for (Path folder : foldersWithSources()) {
            Path info = folder.resolve("package-info.java");
            if (!Files.exists(info) || !Files.readString(info).contains("@NullMarked")) {
                silent.add(folder);
            }
        }
        assertThat(silent)
                .as("packages without a package-info.java that is @NullMarked")
                .isEmpty();
    }

    @Test
    void onlyTheCommandLineWritesToTheTerminal() {
        DirectionTest.check(noClasses()
                .that()
                .resideOutsideOfPackage("io.cloister.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace"));
    }

    private static List<Path> foldersWithSources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .distinct()
                    .sorted()
                    .toList();
        }
    }
}
