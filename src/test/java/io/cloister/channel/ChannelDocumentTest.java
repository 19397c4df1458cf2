package io.cloister.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.channel.handshake.AbortCode;
import io.cloister.documents.Document;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Keeps docs/channel.md true where it can be checked. */
class ChannelDocumentTest {
    private static final Pattern ABORT = Pattern.compile("\\| (\\d+) \\| ([A-Z_]+) \\| ([A-Z_, ]+) \\|");

    @Test
    void abortCodesAreTheOnesInTheDocument() {
        Map<AbortCode, Set<Refusal>> documented = new EnumMap<>(AbortCode.class);
        for (String line : Document.of("channel.md").lines()) {
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
    void rulesAreNumberedWithoutAGap() {
        List<String> expected = new ArrayList<>();
        IntStream.rangeClosed(1, 20).forEach(i -> expected.add("H" + i));
        IntStream.rangeClosed(1, 8).forEach(i -> expected.add("F" + i));
        assertThat(Document.of("channel.md").rules().stream().map(Document.Rule::what))
                .isEqualTo(expected);
    }
}
