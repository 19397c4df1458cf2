package io.cloister.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.Check.Result;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The project's own vectors get the verdicts that their index names, which genuine ones of the same kind get. */
class GoldenCasesTest {
    static Stream<Golden.Case> cases() {
        return Golden.Case.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void failsExactlyTheChecksThatTheIndexNames(Golden.Case given) {
        Verdict verdict = given.verdict();

        assertThat(verdict.failures().stream().map(Check::name))
                .as(verdict.summary())
                .containsExactlyElementsOf(given.failed());
        assertThat(verdict.accepted()).isEqualTo(given.failed().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void skipsNothingButWhatWasNotGivenOrAnEarlierFailureMadePointless(Golden.Case given) {
        Verdict verdict = given.verdict();
        List<String> skipped = verdict.checks().stream()
                .filter(check ->
                        check.result() == Result.SKIPPED && !check.name().startsWith("policy."))
                .map(Check::name)
                .toList();

        if (verdict.accepted() && given.quote().isPresent()) {
            assertThat(List.of("revocation", "event-log")).containsAll(skipped);
        } else if (verdict.accepted()) {
            assertThat(skipped)
                    .contains("quote-format", "quote-nonce", "event-log")
                    .doesNotContain("binding", "chip-id", "report-signature");
        }
    }
}
