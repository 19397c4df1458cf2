package io.cloister.consensus;

import static io.cloister.consensus.TestHeaders.CHAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the statements of an opening determine. */
class OpeningTest {
    private static final long RECOVERY = 9;

    private final ValidatorSet set = TestKeys.validators(List.of(1L, 1L, 1L, 1L));
    private final CertifiedHeader five = TestHeaders.certified(TestHeaders.header(0, 5, 0, set), set);
    private final CertifiedHeader six = TestHeaders.certified(TestHeaders.header(0, 6, 0, set), set);
    private final Header a = TestHeaders.header(0, 7, 1, set);
    private final Header b = TestHeaders.header(0, 7, 2, set);

    private Statement statement(int index, Optional<CertifiedHeader> base, Optional<HeldPolka> polka) {
        return TestStatements.statement(CHAIN, RECOVERY, index, 2, base, polka);
    }

    private Statement onSix(int index, HeldPolka polka) {
        return statement(index, Optional.of(six), Optional.of(polka));
    }

    private HeldPolka polka(long epoch, Header header, int round) {
        return TestHeaders.polka(epoch, header, round, set, List.of(), 1, 2, 3);
    }

    private static Opening opening(Statement... statements) {
        return TestStatements.opening(4, statements);
    }

    @Test
    void theBaseIsTheHighestDecidedBlock() {
        Statement genesis = statement(0, Optional.empty(), Optional.empty());
        Statement low = statement(1, Optional.of(five), Optional.empty());
        Statement high = statement(2, Optional.of(six), Optional.empty());
        assertThat(opening(genesis, low, high).highest()).isEqualTo(high);
        assertThat(opening(genesis, low, high).baseHeight()).isEqualTo(6);
        assertThat(opening(genesis).baseHeight()).isZero();
    }

    @Test
    void nothingIsRequiredWithoutAPolkaAboveTheBase() {
        Header belowBase = TestHeaders.header(0, 6, 3, set);
        Statement low = statement(0, Optional.of(five), Optional.of(polka(0, belowBase, 8)));
        Statement high = statement(1, Optional.of(six), Optional.empty());
        assertThat(opening(low, high).required()).isEmpty();
        assertThat(opening(low).required()).contains(polka(0, belowBase, 8));
    }

    @Test
    void theLatestPolkaByEpochThenByRoundIsRequired() {
        Opening byRound = opening(onSix(0, polka(0, a, 1)), onSix(1, polka(0, b, 3)), onSix(2, polka(0, a, 2)));
        assertThat(byRound.required().orElseThrow().header()).isEqualTo(b);
        Opening byEpoch = opening(onSix(0, polka(0, a, 9)), onSix(1, polka(4, b, 0)), onSix(2, polka(3, a, 8)));
        assertThat(byEpoch.required().orElseThrow().header()).isEqualTo(b);
        Opening first = opening(onSix(0, polka(0, a, 2)), onSix(1, polka(0, a, 2)));
        assertThat(first.required().orElseThrow().header()).isEqualTo(a);
    }

    @Test
    void statementsAreOfOneRecoveryAndOfRisingSlots() {
        Statement one = statement(0, Optional.empty(), Optional.empty());
        Statement two = statement(1, Optional.empty(), Optional.empty());
        Statement later = TestStatements.statement(CHAIN, RECOVERY + 1, 2, 2, Optional.empty(), Optional.empty());
        assertThatThrownBy(() -> new Opening(List.of(two, one), KeyClaim.UNSIGNED))
                .isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> new Opening(List.of(one, one), KeyClaim.UNSIGNED))
                .isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> new Opening(List.of(one, later), KeyClaim.UNSIGNED))
                .isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> new Opening(List.of(), KeyClaim.UNSIGNED)).isInstanceOf(CodecException.class);
    }

    @Test
    void aStatementHasExactlyThePartsThatItSigns() {
        Statement good = onSix(0, polka(0, a, 1));
        assertThatThrownBy(() -> new Statement(good.claim(), Bytes.zeros(1), good.base(), good.polka()))
                .isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> new Statement(good.claim(), good.evidence(), Optional.of(five), Optional.empty()))
                .isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> new Statement(good.claim(), good.evidence(), good.base(), Optional.empty()))
                .isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> statement(0, Optional.of(five), Optional.of(polka(0, a, 1)))) // of another height
                .isInstanceOf(CodecException.class);
    }

    @Test
    void aPolkaProvesWithTheKeysOfItsEpochAlone() {
        assertThat(polka(0, a, 1).proves(set, TestKeys.CHECK)).isTrue();
        HeldPolka few = TestHeaders.polka(0, a, 1, set, List.of(), 1, 2);
        assertThat(few.proves(set, TestKeys.CHECK)).isFalse();
        ValidatorSet others = TestKeys.validators(List.of(1L, 1L, 1L, 2L));
        assertThat(polka(0, a, 1).proves(others, TestKeys.CHECK)).isFalse();
        List<KeyClaim> keys = opening(
                        statement(0, Optional.of(six), Optional.empty()),
                        statement(1, Optional.of(six), Optional.empty()),
                        statement(2, Optional.of(six), Optional.empty()))
                .claims();
        ValidatorSet renewed = KeyClaim.replaced(set, keys).orElseThrow();
        HeldPolka again = TestHeaders.polka(RECOVERY, a, 0, renewed, keys, 1, 2, 3);
        assertThat(again.proves(set, TestKeys.CHECK)).isTrue();
        HeldPolka withoutKeys = TestHeaders.polka(RECOVERY, a, 0, renewed, List.of(), 1, 2, 3);
        assertThat(withoutKeys.proves(set, TestKeys.CHECK)).isFalse();
    }

    @Test
    void readsBackAndIsNamedByItsStatementsAlone() {
        Opening opening = opening(onSix(0, polka(0, a, 1)), statement(1, Optional.of(five), Optional.empty()));
        Writer writer = new Writer();
        opening.encode(writer);
        Reader reader = new Reader(writer.toBytes());
        assertThat(Opening.decode(reader)).isEqualTo(opening);
        reader.end();
        assertThat(new Opening(opening.statements(), KeyClaim.UNSIGNED).hash()).isEqualTo(opening.hash());
        assertThat(opening(opening.statements().getFirst()).hash()).isNotEqualTo(opening.hash());
        assertThat(opening.epoch()).isEqualTo(RECOVERY);
    }
}
