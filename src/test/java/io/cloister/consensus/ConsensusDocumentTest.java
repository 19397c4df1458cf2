package io.cloister.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import io.cloister.documents.Document;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Keeps docs/consensus.md true where it can be checked. */
class ConsensusDocumentTest {

    @Test
    void rulesAreNumberedWithoutAGap() {
        List<String> expected = new ArrayList<>();
        IntStream.rangeClosed(1, 17).forEach(i -> expected.add("R" + i));
        IntStream.rangeClosed(1, 29).forEach(i -> expected.add("A" + i));
        IntStream.rangeClosed(1, 10).forEach(i -> expected.add("E" + i));
        assertThat(Document.of("consensus.md").rules().stream()
                        .map(rule -> rule.what().replaceFirst(" .*", ""))
                        .filter(number -> number.matches("[RAE]\\d+")))
                .isEqualTo(expected);
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
                .u8(0)
                .toBytes();
        assertThat(SignBytes.vote("chain", 3, 10, 2, VoteType.PRECOMMIT, Optional.of(id)))
                .isEqualTo(Hashes.sha256(vote));
        Bytes prevote = Bytes.concat(
                vote.slice(0, vote.length() - 35),
                Bytes.of((byte) 1, (byte) 1),
                id,
                Bytes.of((byte) 1, (byte) 0, (byte) 0, (byte) 0, (byte) 1));
        assertThat(SignBytes.vote("chain", 3, 10, 2, VoteType.PREVOTE, Optional.of(id), 1))
                .isEqualTo(Hashes.sha256(prevote));
        Bytes nil = Bytes.concat(vote.slice(0, vote.length() - 35), Bytes.of((byte) 1, (byte) 0, (byte) 0));
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
    void everyTestNamedByALineIsInTheDocumentOrOneOfItsKind() throws ClassNotFoundException {
        String document = String.join("\n", Document.of("consensus.md").lines());
        List<String> linesCovered = Arrays.stream(roundMachineTest().getDeclaredMethods())
                .map(method -> method.getName())
                .filter(name -> name.startsWith("line"))
                .map(name -> name.substring(0, 6))
                .distinct()
                .toList();
        assertThat(linesCovered).allSatisfy(prefix -> assertThat(document).contains("`" + prefix));
    }

    private static Class<?> roundMachineTest() throws ClassNotFoundException {
        return Class.forName("io.cloister.consensus.core.RoundMachineTest");
    }
}
