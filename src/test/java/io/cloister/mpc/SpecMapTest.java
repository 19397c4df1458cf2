package io.cloister.mpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What docs/mpc.md names exists: a rule whose code or test has moved is found here. */
class SpecMapTest {
    private static final Path DOCUMENT = Path.of("docs", "mpc.md");
    private static final Pattern NAMED = Pattern.compile("`([A-Z][A-Za-z]+)(?:\\.([a-z][A-Za-z]+))?`");

    @Test
    void everyClassAndTestOfTheDocumentExists() throws IOException {
        if (!Files.exists(DOCUMENT)) {
            Assumptions.abort("run from the project's folder");
        }
        List<String> missing = new ArrayList<>();
        int found = 0;
        for (MatchResult named :
                NAMED.matcher(Files.readString(DOCUMENT)).results().toList()) {
            Optional<Class<?>> type = find(named.group(1));
            boolean transaction =
                    find("board.BoardTransaction$" + named.group(1)).isPresent();
            boolean member = named.group(2) == null
                    || type.isPresent()
                            && Arrays.stream(type.get().getDeclaredMethods())
                                    .anyMatch(m -> m.getName().equals(named.group(2)));
            if (type.isEmpty() && !transaction && !WIRE_NAMES.contains(named.group(1)) || !member) {
                missing.add(named.group());
            } else {
                found++;
            }
        }
        assertThat(missing).isEmpty();
        assertThat(found).isGreaterThan(80);
    }

    /** Transactions that the document calls by their short names. */
    private static final List<String> WIRE_NAMES = List.of("Demand", "Answer");

    private static Optional<Class<?>> find(String name) {
        return Stream.of("", "sharing.", "dealing.", "board.", "protocol.", "node.")
                .map(folder -> load("io.cloister.mpc." + folder + name))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Class<?>> load(String name) {
        try {
            return Optional.of(Class.forName(name, false, SpecMapTest.class.getClassLoader()));
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        }
    }
}
