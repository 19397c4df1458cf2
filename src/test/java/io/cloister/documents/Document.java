package io.cloister.documents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A document of the folder docs, read from the project's folder.
 *
 * @param name the file's name
 */
public record Document(String name, List<String> lines) {
    private static final Path DOCS = Path.of("docs");

    /**
     * A row of a table whose last column is headed "test" or "tests".
     *
     * @param what the first cell
     * @param code the cell that names the class, in tables that have one
     */
    public record Rule(String where, String what, Optional<String> code, String tests) {}

    public static Document of(String name) {
        try {
            return new Document(name, Files.readAllLines(DOCS.resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All of them, sorted by name, without the table of contents and the decisions. */
    static List<Document> all() {
        try (Stream<Path> files = Files.list(DOCS)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".md") && !name.equals("README.md"))
                    .sorted()
                    .map(Document::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        List<String> head = List.of();
        for (String line : lines) {
            List<String> row = cells(line);
            if (row.isEmpty() || head.isEmpty()) {
                head = row;
            } else if (head.getLast().matches("tests?") && !row.getFirst().matches("-+|.*\\*\\*.*")) {
                int code = Math.max(head.indexOf("code"), head.indexOf("class"));
                Optional<String> named = code < 0 ? Optional.empty() : Optional.of(row.get(code));
                rules.add(new Rule(name + ": " + line, row.getFirst(), named, row.getLast()));
            }
        }
        return rules;
    }

    /** The cells of a table's row; empty for other lines. */
    private static List<String> cells(String line) {
        return line.startsWith("|")
                ? Stream.of(line.substring(1).split("(?<!\\\\)\\|"))
                        .map(String::strip)
                        .toList()
                : List.of();
    }

    @Override
    public String toString() {
        return name;
    }
}
