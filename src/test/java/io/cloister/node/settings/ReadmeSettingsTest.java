package io.cloister.node.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadmeSettingsTest {
    @Test
    void readmeListsExactlyTheSettingsOfANode() throws IOException {
        List<String> readme = Files.readAllLines(Path.of("README.md"));
        List<String> settings = Setting.table().lines().toList();

        int begin = readme.indexOf(settings.getFirst());

        assertThat(begin).as("line of the table's head in the README").isNotNegative();
        assertThat(readme.subList(begin, readme.size()))
                .startsWith(settings.toArray(String[]::new))
                .element(settings.size())
                .as("line behind the table")
                .isEqualTo("");
    }
}
