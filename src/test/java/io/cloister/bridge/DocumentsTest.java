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
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keeps the spec maps and the tables of refusal codes true. */
class DocumentsTest {
    private static final Path DOCS = Path.of("docs");
    private static final Pattern NAME =
            Pattern.compile("`((?:[a-z]+\\.)*)([A-Z]\\w+)(?:\\.([a-z]\\w+))?`|`((?:[a-z]+\\.)+[a-z]+)`");
    private static final Pattern CODE = Pattern.compile("`([a-z]+(?:-[a-z]+)*)`");
    private static final Pattern THROWN = Pattern.compile("(?:new Refusal|refused)\\(\\s*\"([a-z-]+)\"");
    private static final List<Path> SOURCES =
            sources(Path.of("src", "main", "java"), Path.of("src", "test", "java"), Path.of("arquillian-tests"));

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

    /** Cells of the rows of the tables whose third column is headed "tests". */
    private static List<String[]> rules(String document) throws IOException {
        List<String[]> rows = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(DOCS.resolve(document))) {
            inside = line.equals("| rule | code | tests |") || inside && line.startsWith("|");
            String[] cells = line.split("\\|");
            if (inside && cells.length == 4 && !line.startsWith("| rule |") && !line.startsWith("|---")) {
                rows.add(cells);
            }
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ledger.md", "bridge.md", "release.md", "spec-map.md"})
    void everyRuleNamesCodeAndTestsThatExist(String document) throws IOException {
        int rules = 0;
        for (String[] cells : rules(document)) {
            if (!cells[1].contains("**")) {
                rules++;
                String what = document + ":" + cells[1];
                assertThat(names(cells[2], what)).as(what).isNotEmpty();
                boolean later = cells[3].matches(" (later|not planned yet): .*");
                assertThat(later || !names(cells[3], what).isEmpty()).as(what).isTrue();
            }
        }
        assertThat(rules).isGreaterThan(15);
    }

    private static List<String> names(String cell, String what) {
        List<String> found = new ArrayList<>();
        for (MatchResult name : NAME.matcher(cell).results().toList()) {
            if (name.group(4) != null) {
                assertThat(Path.of("src", "main", "java", "io", "cloister")
                                .resolve(name.group(4).replace('.', '/')))
                        .as(what)
                        .isDirectory();
            } else {
                requireSource(name.group(1), name.group(2), name.group(3), what + name.group());
            }
            found.add(name.group());
        }
        return found;
    }

    private static void requireSource(String folder, String type, @Nullable String method, String what) {
        Path end = Path.of(folder.replace('.', '/') + type + ".java");
        List<Path> matching = SOURCES.stream().filter(f -> f.endsWith(end)).toList();
        assertThat(matching).as(what + " is a class").isNotEmpty();
        if (method != null) {
            Pattern declared = Pattern.compile("[\\w>\\]] " + method + "\\(");
            assertThat(matching)
                    .as(what)
                    .anyMatch(f -> declared.matcher(read(f)).find());
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
