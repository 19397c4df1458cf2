import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Counts the tests of the last run by kind, from the reports of surefire and failsafe and the tests' sources. */
final class TestSummary {
    private static final Pattern PROPERTY = Pattern.compile("@Property(?:\\([^)]*\\))?\\s+(?:@\\w+(?:\\([^)]*\\))?\\s+)*"
            + "(?:(?:public|protected|private|static|final)\\s+)*[\\w<>\\[\\], ?]+?\\s+(\\w+)\\s*\\(");

    enum Kind {
        UNIT("unit"),
        PROPERTY("property"),
        ARCHITECTURE("ArchUnit"),
        CONTAINER("Arquillian in-container"),
        CLIENT("client-side"),
        END_TO_END("end-to-end");

        final String title;

        Kind(String title) {
            this.title = title;
        }
    }

    static final class Count {
        int run;
        int failed;
        int skipped;
    }

    record Case(String className, String method, boolean failed, boolean skipped) {}

    public static void main(String... arguments) throws Exception {
        Path top = Path.of(arguments[0]);
        Map<Kind, Count> counts = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            counts.put(kind, new Count());
        }
        for (Case test : cases(top.resolve("target/surefire-reports"))) {
            add(counts, unitKind(top, test), test);
        }
        for (Case test : cases(top.resolve("target/failsafe-reports"))) {
            add(counts, containerKind(top, test), test);
        }
        Count total = new Count();
        System.out.printf("%n%-26s%8s%8s%8s%n", "tests", "run", "failed", "skipped");
        counts.forEach((kind, count) -> {
            line(kind.title, count);
            total.run += count.run;
            total.failed += count.failed;
            total.skipped += count.skipped;
        });
        line("all", total);
        System.exit(total.run == 0 || total.failed > 0 ? 1 : 0);
    }

    private static void line(String title, Count count) {
        System.out.printf("%-26s%8d%8d%8d%n", title, count.run, count.failed, count.skipped);
    }

    private static void add(Map<Kind, Count> counts, Kind kind, Case test) {
        Count count = counts.get(kind);
        if (test.skipped()) {
            count.skipped++;
        } else {
            count.run++;
        }
        if (test.failed()) {
            count.failed++;
        }
    }

    private static Kind unitKind(Path top, Case test) throws IOException {
        if (test.className().startsWith("io.cloister.architecture.")) {
            return Kind.ARCHITECTURE;
        }
        String source = source(top.resolve("src/test/java"), test).orElse("");
        Set<String> properties = new HashSet<>();
        Matcher matcher = PROPERTY.matcher(source);
        while (matcher.find()) {
            properties.add(matcher.group(1));
        }
        return properties.contains(test.method()) ? Kind.PROPERTY : Kind.UNIT;
    }

    private static Kind containerKind(Path top, Case test) throws IOException {
        String source = source(top.resolve("arquillian-tests/java"), test).orElse("");
        if (!source.contains("@ArquillianTest")) {
            return Kind.END_TO_END;
        }
        return source.contains("@RunAsClient") ? Kind.CLIENT : Kind.CONTAINER;
    }

    private static Optional<String> source(Path root, Case test) throws IOException {
        String outer = test.className().replaceAll("\\$.*", "");
        Path file = root.resolve(outer.replace('.', '/') + ".java");
        return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    }

    private static List<Case> cases(Path folder) throws Exception {
        List<Case> cases = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return cases;
        }
        List<Path> reports;
        try (Stream<Path> files = Files.list(folder)) {
            reports = files.filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
                    .sorted()
                    .toList();
        }
        for (Path report : reports) {
            NodeList tests = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(report.toFile())
                    .getElementsByTagName("testcase");
            for (int i = 0; i < tests.getLength(); i++) {
                Element test = (Element) tests.item(i);
                String method = test.getAttribute("name").replaceAll("[({\\[].*", "");
                cases.add(new Case(
                        test.getAttribute("classname"),
                        method,
                        has(test, "failure") || has(test, "error"),
                        has(test, "skipped")));
            }
        }
        return cases;
    }

    private static boolean has(Element test, String child) {
        return test.getElementsByTagName(child).getLength() > 0;
    }
}
