package io.cloister.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page at /: its markup, and its script over a page of stubs where Node.js is there. */
class ConsoleTest {
    private static final Path WEBAPP = Path.of("src", "main", "webapp");

    private static String read(String file) throws IOException {
        return Files.readString(WEBAPP.resolve(file));
    }

    private static List<String> all(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .toList();
    }

    @Test
    void everyTableSaysWhatItShowsAndEveryHeadingWhatItHeads() throws IOException {
        String page = read("index.html");
        assertThat(all("<caption>[^<]+</caption>", page)).hasSameSizeAs(all("<table>", page));
        assertThat(all("<th[ >][^/]*</th>", page))
                .isNotEmpty()
                .allMatch(th -> th.matches("<th scope=\"col\">[^<]+</th>"));
    }

    @Test
    void scriptFindsEveryElementThatItFills() throws IOException {
        Set<String> there = ids("(?<=id=\")[a-z]+(?=\")", read("index.html"));
        String script = read("console.js");
        Set<String> filled = ids("(?<=(?:byId|rows|terms)\\(\")[a-z]+(?=\")", script);
        assertThat(filled).isNotEmpty().isSubsetOf(there);
    }

    private static Set<String> ids(String pattern, String text) {
        return all(pattern, text).stream().collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void changesAreToldToThoseWhoDoNotSeeThem() throws IOException {
        assertThat(read("index.html"))
                .containsPattern("id=\"live\"[^>]* role=\"status\"")
                .containsPattern("id=\"problem\"[^>]* role=\"alert\"");
    }

    @Test
    void replayOfAllThatIsRememberedAsksTheNodeAFewTimesOnly() throws Exception {
        JsonNode seen = replay();
        assertThat(seen.path("asked").path("/v1/events").asInt()).isEqualTo(1);
        assertThat(seen.path("asked").path("/v1/transfers?limit=50").asInt()).isBetween(1, 3);
    }

    @Test
    void refusedDepositIsShownAsIgnoredWithItsReason() throws Exception {
        assertThat(replay().path("deposits").asText()).contains("ignored: amount-below-minimum");
    }

    private static JsonNode replay() throws Exception {
        assumeTrue(hasNode(), "Node.js is not installed");
        Process node = new ProcessBuilder(
                        "node",
                        Path.of("src", "test", "resources", "console", "replay.mjs")
                                .toString(),
                        WEBAPP.resolve("console.js").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(node.waitFor()).isZero();
        return new ObjectMapper().readTree(printed);
    }

    private static boolean hasNode() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "node")));
    }
}
