package io.cloister.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Keeps docs/consensus.md true where it can be checked. */
class ConsensusDocumentTest {
    private static final Pattern RULE = Pattern.compile("\\| ([RA]\\d+) .*\\|([^|]*)\\|([^|]*)\\|");
    private static final Pattern NAME = Pattern.compile("`(?:([A-Z]\\w+)\\.)?([a-z]\\w+)`");
    private static final List<String> PACKAGES = List.of("", "core.", "engine.", "store.");

    private static List<String> lines() throws IOException {
        return Files.readAllLines(Path.of("docs", "consensus.md"));
    }

    @Test
    void everyRuleNamesCodeAndTestsThatExist() throws IOException {
        List<String> rules = new ArrayList<>();
        for (String line : lines()) {
            Matcher row = RULE.matcher(line);
            if (row.matches()) {
                rules.add(row.group(1));
                requireMethods(line, row.group(2), Optional.empty());
                requireMethods(line, row.group(3), Optional.of("RoundMachineTest"));
            }
        }
        List<String> expected = new ArrayList<>();
        IntStream.rangeClosed(1, 17).forEach(i -> expected.add("R" + i));
        IntStream.rangeClosed(1, 17).forEach(i -> expected.add("A" + i));
        assertThat(rules).isEqualTo(expected);
    }

    private static void requireMethods(String line, String cell, Optional<String> usualClass) {
        List<MatchResult> names = NAME.matcher(cell).results().toList();
        assertThat(names).as(line).isNotEmpty();
        for (MatchResult name : names) {
            String type =
                    Optional.ofNullable(name.group(1)).or(() -> usualClass).orElseThrow();
            assertThat(find(type).getDeclaredMethods())
                    .as("%s.%s in %s", type, name.group(2), line)
                    .anyMatch(method -> method.getName().equals(name.group(2)));
        }
    }

    private static Class<?> find(String simpleName) {
        for (String in : PACKAGES) {
            try {
                return Class.forName("io.cloister.consensus." + in + simpleName);
            } catch (ClassNotFoundException e) {
                // perhaps in the next package
            }
        }
        throw new AssertionError("no class " + simpleName);
    }

    @Test
    void signsExactlyTheBytesOfTheDocument() {
        Bytes id = Hashes.sha256(Bytes.utf8("block"));
        Bytes vote = new Writer()
                .fixed(Bytes.utf8("cloister/vote/v1"))
                .string("chain")
                .u64(3)
                .u64(10)
                .u32(2)
                .u8(2)
                .u8(1)
                .fixed(id)
                .toBytes();
        assertThat(SignBytes.vote("chain", 3, 10, 2, VoteType.PRECOMMIT, Optional.of(id)))
                .isEqualTo(Hashes.sha256(vote));
        Bytes nil = Bytes.concat(vote.slice(0, vote.length() - 34), Bytes.of((byte) 1, (byte) 0));
        assertThat(SignBytes.vote("chain", 3, 10, 2, VoteType.PREVOTE, Optional.empty()))
                .isEqualTo(Hashes.sha256(nil));
        Writer proposal = new Writer()
                .fixed(Bytes.utf8("cloister/proposal/v1"))
                .string("chain")
                .u64(3)
                .u64(10)
                .u32(2);
        Bytes fresh = Bytes.concat(proposal.toBytes(), Bytes.of((byte) 0), id);
        assertThat(SignBytes.proposal("chain", 3, 10, 2, -1, id)).isEqualTo(Hashes.sha256(fresh));
        Bytes again = Bytes.concat(proposal.toBytes(), Bytes.of((byte) 1, (byte) 0, (byte) 0, (byte) 0, (byte) 1), id);
        assertThat(SignBytes.proposal("chain", 3, 10, 2, 1, id)).isEqualTo(Hashes.sha256(again));
    }

    @Test
    void everyTestNamedByALineIsInTheDocumentOrOneOfItsKind() throws IOException {
        String document = String.join("\n", lines());
        List<String> linesCovered = Arrays.stream(find("RoundMachineTest").getDeclaredMethods())
                .map(method -> method.getName())
                .filter(name -> name.startsWith("line"))
                .map(name -> name.substring(0, 6))
                .distinct()
                .toList();
        assertThat(linesCovered).allSatisfy(prefix -> assertThat(document).contains("`" + prefix));
    }
}
