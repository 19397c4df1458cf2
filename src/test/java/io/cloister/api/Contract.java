package io.cloister.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code openapi/cloister.yaml} says, read line by line: enough of YAML for the way that file is written. */
record Contract(Map<String, Operation> operations, Map<String, Schema> schemas) {
    private static final Pattern KEY = Pattern.compile("^( *)(- )?\"?([^\":]+?)\"?:(?: +(.*))?$");
    private static final Pattern REFERENCE = Pattern.compile("#/components/parameters/([A-Za-z]+)");

    /**
     * An operation, by {@code METHOD /path}.
     *
     * @param parameters such as {@code query limit}
     * @param consumes media types of the request
     * @param produces media types of the good answers
     */
    record Operation(Set<String> parameters, Set<String> consumes, Set<String> produces) {}

    /** An object's members and which of them are always there. */
    record Schema(Set<String> members, Set<String> required) {}

    /** A line with the keys that lead to it. */
    private record Line(List<String> path, String value) {
        boolean under(String... keys) {
            return path.size() >= keys.length && path.subList(0, keys.length).equals(List.of(keys));
        }
    }

    static Contract read() throws IOException {
        return of(lines(Files.readAllLines(Path.of("openapi/cloister.yaml"))));
    }

    private static List<Line> lines(List<String> text) {
        List<Line> lines = new ArrayList<>();
        Deque<Map.Entry<Integer, String>> open = new ArrayDeque<>();
        for (String row : text) {
            Matcher matcher = KEY.matcher(row);
            if (row.isBlank()) {
                continue;
            }
            int indent = row.indexOf(row.strip());
            while (!open.isEmpty() && open.peekLast().getKey() >= indent) {
                open.removeLast();
            }
            if (row.strip().startsWith("- {")) {
                lines.add(new Line(keys(open), row.strip()));
            } else if (matcher.matches()) {
                open.addLast(Map.entry(indent, matcher.group(3)));
                lines.add(new Line(keys(open), matcher.group(4) == null ? "" : matcher.group(4)));
            }
        }
        return lines;
    }

    private static List<String> keys(Deque<Map.Entry<Integer, String>> open) {
        return open.stream().map(Map.Entry::getValue).toList();
    }

    private static Contract of(List<Line> lines) {
        Map<String, String> shared = sharedParameters(lines);
        Map<String, Operation> operations = new TreeMap<>();
        Map<String, Schema> schemas = new TreeMap<>();
        String name = "";
        for (Line line : lines) {
            List<String> path = line.path();
            if (line.under("paths") && path.size() >= 3) {
                Operation operation = operations.computeIfAbsent(
                        path.get(2).toUpperCase(Locale.ROOT) + " " + path.get(1),
                        k -> new Operation(new TreeSet<>(), new TreeSet<>(), new TreeSet<>()));
                name = operation(operation, line, name, shared);
            }
            if (line.under("components", "schemas") && path.size() >= 4) {
                Schema schema = schemas.computeIfAbsent(path.get(2), k -> new Schema(new TreeSet<>(), new TreeSet<>()));
                if (path.size() == 5 && path.get(3).equals("properties")) {
                    schema.members().add(path.get(4));
                } else if (path.size() == 4 && path.get(3).equals("required")) {
                    schema.required()
                            .addAll(List.of(
                                    line.value().replaceAll("[\\[\\] ]", "").split(",")));
                }
            }
        }
        return new Contract(operations, schemas);
    }

    /** Takes one line in and answers with the name of the parameter that the following lines are about. */
    private static String operation(Operation operation, Line line, String name, Map<String, String> shared) {
        List<String> path = line.path();
        String last = path.getLast();
        Matcher reference = REFERENCE.matcher(line.value());
        if (path.contains("parameters") && reference.find()) {
            operation.parameters().add(shared.get(reference.group(1)));
        } else if (path.contains("parameters") && last.equals("in")) {
            operation.parameters().add(line.value() + " " + name);
        } else if (path.contains("parameters") && last.equals("name")) {
            return line.value();
        } else if (path.size() == 7
                && path.get(4).startsWith("2")
                && path.get(5).equals("content")) {
            operation.produces().add(last);
        } else if (path.size() == 6
                && path.get(3).equals("requestBody")
                && path.get(4).equals("content")) {
            operation.consumes().add(last);
        }
        return name;
    }

    private static Map<String, String> sharedParameters(List<Line> lines) {
        Map<String, String> shared = new LinkedHashMap<>();
        String name = "";
        for (Line line : lines) {
            if (line.under("components", "parameters") && line.path().size() == 4) {
                if (line.path().get(3).equals("name")) {
                    name = line.value();
                } else if (line.path().get(3).equals("in")) {
                    shared.put(line.path().get(2), line.value() + " " + name);
                }
            }
        }
        return shared;
    }
}
