package io.cloister.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps the tables of refusal codes and of the state true. */
class BridgeDocumentTest {
    private static final Path DOCS = Path.of("docs");
    private static final Pattern CODE = Pattern.compile("`([a-z]+(?:-[a-z]+)*)`");
    private static final Pattern THROWN = Pattern.compile("(?:new Refusal|refused)\\(\\s*\"([a-z-]+)\"");
    private static final List<Path> SOURCES = sources(Path.of("src", "main", "java"));

    private static List<Path> sources(Path... roots) {
        List<Path> all = new ArrayList<>();
        for (Path root : roots) {
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(f -> f.toString().endsWith(".java")).forEach(all::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return all;
    }

    @Test
    void everyRefusalCodeIsInTheDocumentsAndNoOther() throws IOException {
        Set<String> thrown = new TreeSet<>(Set.of("module-failed"));
        for (Path source : SOURCES) {
            boolean own = Stream.of("src/main/java/io/cloister/ledger", "src/main/java/io/cloister/bridge")
                    .anyMatch(source::startsWith);
            if (own) {
                THROWN.matcher(Files.readString(source)).results().forEach(m -> thrown.add(m.group(1)));
            }
        }
        thrown.remove("already-");
        thrown.addAll(Set.of("already-broadcast", "already-released"));
        Set<String> documented = new TreeSet<>();
        documented.addAll(codes("ledger.md"));
        documented.addAll(codes("bridge.md"));
        assertThat(documented).isEqualTo(thrown);
    }

    /** First cells of the tables whose first column is headed "code". */
    private static Set<String> codes(String document) throws IOException {
        List<String> cells = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(DOCS.resolve(document))) {
            inside = line.startsWith("| code |") || inside && line.startsWith("|");
            if (inside && !line.startsWith("| code |")) {
                cells.add(line.split("\\|")[1]);
            }
        }
        return cells.stream()
                .flatMap(cell -> CODE.matcher(cell).results().map(m -> m.group(1)))
                .collect(Collectors.toSet());
    }

    @Test
    void theSectionsOfTheStateAreTheOnesInTheDocument() throws IOException {
        String code = Files.readString(Path.of("src/main/java/io/cloister/bridge/BridgeState.java"));
        Set<String> sections = Pattern.compile("Section\\.of\\(\"([a-z-]+)\"")
                .matcher(code)
                .results()
                .map(m -> m.group(1))
                .collect(Collectors.toSet());
        String document = Files.readString(DOCS.resolve("bridge.md"));
        String table = document.substring(document.indexOf("## State"), document.indexOf("## Runners"));
        Set<String> documented = Arrays.stream(table.split("\n"))
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("`")[1])
                .collect(Collectors.toSet());
        assertThat(documented).isEqualTo(sections);
    }
}
