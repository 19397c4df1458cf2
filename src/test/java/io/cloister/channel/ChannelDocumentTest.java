package io.cloister.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.channel.handshake.AbortCode;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Keeps docs/channel.md true where it can be checked. */
class ChannelDocumentTest {
    private static final Pattern ABORT = Pattern.compile("\\| (\\d+) \\| ([A-Z_]+) \\| ([A-Z_, ]+) \\|");
    private static final Pattern RULE = Pattern.compile("\\| ([HF])(\\d+) \\|.*\\|([^|]*)\\|([^|]*)\\|");
    private static final Pattern NAME = Pattern.compile("`([A-Z]\\w+)?\\.?([a-z]\\w+)?`");
    private static final List<String> TEST_PACKAGES = List.of("handshake", "flow", "grpc");

    private static List<String> lines() throws IOException {
        return Files.readAllLines(Path.of("docs", "channel.md"));
    }

    @Test
    void abortCodesAreTheOnesInTheDocument() throws IOException {
        Map<AbortCode, Set<Refusal>> documented = new EnumMap<>(AbortCode.class);
        for (String line : lines()) {
            Matcher row = ABORT.matcher(line);
            if (row.matches()) {
                AbortCode code = AbortCode.valueOf(row.group(2));
                assertThat(code.code()).isEqualTo(Integer.parseInt(row.group(1)));
                Set<Refusal> reasons = Arrays.stream(row.group(3).split(", "))
                        .map(Refusal::valueOf)
                        .collect(Collectors.toSet());
                documented.put(code, reasons);
            }
        }
        Map<AbortCode, Set<Refusal>> real = EnumSet.allOf(Refusal.class).stream()
                .collect(
                        Collectors.groupingBy(AbortCode::of, () -> new EnumMap<>(AbortCode.class), Collectors.toSet()));

        assertThat(documented).isEqualTo(real);
    }

    @Test
    void everyRuleNamesTestsThatExist() throws IOException {
        List<String> rules = new ArrayList<>();
        for (String line : lines()) {
            Matcher row = RULE.matcher(line);
            if (row.matches()) {
                rules.add(row.group(1) + row.group(2));
                assertThat(testsIn(row.group(4))).as(line).isNotEmpty();
            }
        }

        List<String> expected = new ArrayList<>();
        IntStream.rangeClosed(1, 20).forEach(i -> expected.add("H" + i));
        IntStream.rangeClosed(1, 8).forEach(i -> expected.add("F" + i));
        assertThat(rules).isEqualTo(expected);
    }

    /** Resolves `Class`, `Class.method` and, after those, `method`; fails on a name that is not there. */
    private static List<String> testsIn(String cell) {
        List<String> found = new ArrayList<>();
        Class<?> present = ChannelDocumentTest.class;
        for (MatchResult name : NAME.matcher(cell).results().toList()) {
            if (name.group(1) != null) {
                present = testClass(name.group(1));
            }
            if (name.group(2) != null) {
                String method = name.group(2);
                assertThat(Arrays.stream(present.getDeclaredMethods()).map(Method::getName))
                        .contains(method);
            }
            found.add(name.group());
        }
        return found;
    }

    private static Class<?> testClass(String simpleName) {
        for (String sub : TEST_PACKAGES) {
            try {
                return Class.forName("io.cloister.channel." + sub + "." + simpleName);
            } catch (ClassNotFoundException e) {
                continue;
            }
        }
        throw new AssertionError("docs/channel.md names a test that is not there: " + simpleName);
    }
}
