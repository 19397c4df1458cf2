package io.cloister.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Names of classes, methods and packages in a text, each in its own backticks: {@code Type}, {@code folder.Type},
 * {@code Type.method}, {@code Type.Nested}, {@code folder.folder}, and behind a type {@code method} alone.
 */
public final class Names {
    private static final Pattern TYPE =
            Pattern.compile("`((?:[a-z]\\w*\\.)*)([A-Z]\\w*[a-z]\\w*)(?:\\.(\\w+))?(?:\\(.*?\\))?`");
    private static final Pattern METHOD = Pattern.compile("`([a-z]\\w+)`");
    private static final Pattern FOLDER = Pattern.compile("`((?:[a-z]+\\.)+[a-z]{2,})`");
    private static final Path CODE = Path.of("src", "main", "java", "io", "cloister");
    private static final Map<Path, String> SOURCES =
            sources(Path.of("src", "main", "java"), Path.of("src", "test", "java"), Path.of("arquillian-tests"));

    private Names() {}

    private static Map<Path, String> sources(Path... roots) {
        Map<Path, String> sources = new TreeMap<>();
        for (Path root : roots) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    sources.put(file, Files.readString(file));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return sources;
    }

    /**
     * Requires that what is named exists.
     *
     * @param where for the message of a failure
     * @param usual the type whose methods stand alone, until the text names another
     * @return how many names there are
     */
    public static int requireAll(String text, String where, Optional<String> usual) {
        int found = 0;
        Optional<List<String>> last = usual.map(name -> candidates("", name));
        for (MatchResult quoted :
                Pattern.compile("`[^`]+`").matcher(text).results().toList()) {
            Optional<MatchResult> type = match(TYPE, quoted.group());
            Optional<MatchResult> method = match(METHOD, quoted.group());
            Optional<MatchResult> folder = match(FOLDER, quoted.group());
            if (type.isPresent()) {
                last = Optional.of(requireType(type.get(), where));
                found++;
            } else if (method.isPresent() && last.isPresent()) {
                requireMember(last.get(), method.get().group(1), where);
                found++;
            } else if (folder.isPresent()) {
                assertThat(CODE.resolve(folder.get().group(1).replace('.', '/')))
                        .as(where)
                        .isDirectory();
                found++;
            }
        }
        return found;
    }

    private static Optional<MatchResult> match(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .filter(m -> m.group().equals(text))
                .findFirst();
    }

    /** Sources of the types of that name. */
    private static List<String> requireType(MatchResult name, String where) {
        List<String> found = candidates(name.group(1), name.group(2));
        assertThat(found).as("%s names %s", where, name.group()).isNotEmpty();
        if (name.group(3) != null) {
            requireMember(found, name.group(3), where);
        }
        return found;
    }

    private static List<String> candidates(String folder, String type) {
        Path end = Path.of(folder.replace('.', '/') + type + ".java");
        List<String> own = SOURCES.entrySet().stream()
                .filter(source -> source.getKey().endsWith(end))
                .map(Map.Entry::getValue)
                .toList();
        Pattern nested = Pattern.compile("(?:class|record|interface|enum) " + type + "\\b");
        return own.isEmpty()
                ? SOURCES.values().stream()
                        .filter(source -> nested.matcher(source).find())
                        .toList()
                : own;
    }

    private static void requireMember(List<String> sources, String name, String where) {
        Pattern declared = Pattern.compile("(?:[\\w>\\]?] |class |record |interface |enum )" + name + "[(<,) ;{=]");
        assertThat(sources)
                .as("%s names %s", where, name)
                .anyMatch(source -> declared.matcher(source).find());
    }
}
