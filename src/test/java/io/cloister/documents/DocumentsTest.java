package io.cloister.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.documents.Document.Rule;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keeps true what every document says of code and tests. */
class DocumentsTest {
    private static final Set<String> WITHOUT_RULES = Set.of("benchmarks.md", "models.md");

    private static final Pattern ROW = Pattern.compile("^\\| \\[([a-z-]+\\.md)]\\(\\1\\)", Pattern.MULTILINE);

    static Stream<Document> documents() {
        return Document.all().stream();
    }

    @Test
    void tableOfContentsNamesEveryDocument() {
        String contents = String.join("\n", Document.of("README.md").lines());
        assertThat(ROW.matcher(contents).results().map(row -> row.group(1)))
                .containsExactlyInAnyOrderElementsOf(
                        Document.all().stream().map(Document::name).toList());
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyRuleNamesCodeAndTestsThatExist(Document document) {
        List<Rule> rules = document.rules();
        assertThat(rules.isEmpty()).as("has no rules: " + document).isEqualTo(WITHOUT_RULES.contains(document.name()));
        for (Rule rule : rules) {
            rule.code()
                    .ifPresent(code -> assertThat(Names.requireAll(code, rule.where(), Optional.empty()))
                            .as(rule.where())
                            .isPositive());
            boolean missing =
                    document.name().equals("spec-map.md") && rule.tests().matches("(later|not planned yet): .*");
            Optional<String> usual =
                    document.name().equals("consensus.md") ? Optional.of("RoundMachineTest") : Optional.empty();
            assertThat(missing || Names.requireAll(rule.tests(), rule.where(), usual) > 0)
                    .as(rule.where())
                    .isTrue();
        }
    }

    /** The text of this document names classes throughout, not in its tables only. */
    @Test
    void everyClassThatTheThresholdProtocolsNameExists() {
        String text = String.join("\n", Document.of("mpc.md").lines());
        List<String> named = Pattern.compile("`[A-Z][A-Za-z]*[a-z](?:\\.[a-z][A-Za-z]+)?`")
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(named).hasSizeGreaterThan(80);
        named.forEach(name -> Names.requireAll(name, "mpc.md", Optional.empty()));
    }
}
