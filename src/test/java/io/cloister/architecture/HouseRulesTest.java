package io.cloister.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The project keeps its habits. */
class HouseRulesTest {
    private static final Path SOURCES = Path.of("src", "main", "java");

    private final HouseRules rules = new HouseRules(ProductionClasses.ROOT);

    @Test
    void everyPackageSaysWhatItOwns() throws IOException {
        List<Path> silent = new ArrayList<>();
        for (Path folder : foldersWithSources()) {
            Path info = folder.resolve("package-info.java");
            if (!Files.exists(info) || !HouseRules.saysWhatItOwns(Files.readAllLines(info))) {
                silent.add(folder);
            }
        }
        assertThat(silent).as("packages that do not say what they own").isEmpty();
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(rules.packagesWithoutNullMarks(ProductionClasses.ALL)).isEmpty();
    }

    @Test
    void onlyTheCommandLineWritesToTheTerminal() {
        rules.onlyTheCommandLineWritesToTheTerminal().check(ProductionClasses.ALL);
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
