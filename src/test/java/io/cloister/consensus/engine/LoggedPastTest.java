package io.cloister.consensus.engine;

import static io.cloister.consensus.TestHeaders.CHAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.HeldPolka;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Polka;
import io.cloister.consensus.Statement;
import io.cloister.consensus.TestHeaders;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.TestStatements;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.Vote;
import io.cloister.consensus.VoteType;
import io.cloister.consensus.core.Input;
import io.cloister.consensus.core.LogRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a log of earlier boots says at height 1. */
class LoggedPastTest {
    private final ValidatorSet set = TestKeys.validators(List.of(1L, 1L, 1L, 1L));
    private final TestChain chain = new TestChain(TestApplication.genesis(CHAIN, set));
    private final Block a = chain.propose(2_000, "a");
    private final Block b = chain.propose(2_000, "b");

    private Polka polka(Block block, int round) {
        return TestHeaders.polka(0, block.header(), round, set, List.of(), 1, 2, 3)
                .polka();
    }

    private static Vote precommit(long epoch, Optional<Bytes> id, int round) {
        return new Vote(VoteType.PRECOMMIT, epoch, 1, round, id, -1, 3, Optional.empty(), Bytes.zeros(65));
    }

    private LogRecord.Locked locked(long epoch, Block block, int round, boolean withBody) {
        return new LogRecord.Locked(
                precommit(epoch, Optional.of(block.id()), round),
                polka(block, round),
                withBody ? Optional.of(block) : Optional.empty());
    }

    private LogRecord.Valued valued(Block block, int round, boolean withBody) {
        return new LogRecord.Valued(0, 1, polka(block, round), withBody ? Optional.of(block) : Optional.empty());
    }

    private Statement statement(long recovery, int index, Optional<HeldPolka> polka) {
        return TestStatements.statement(CHAIN, recovery, index, 2, Optional.empty(), polka);
    }

    private Opening opening(long recovery, Optional<HeldPolka> polka) {
        return TestStatements.opening(
                4,
                statement(recovery, 0, polka),
                statement(recovery, 1, Optional.empty()),
                statement(recovery, 2, Optional.empty()));
    }

    private static LoggedPast past(LogRecord... records) {
        return new LoggedPast(
                Arrays.stream(records).map(it -> LogRecord.decode(it.encode())).toList());
    }

    private static Input.Memory memory(LogRecord... records) {
        return past(records).memory(0, 0);
    }

    @Test
    void anEmptyLogRemembersNothing() {
        assertThat(memory()).isEqualTo(Input.Memory.NONE);
        assertThat(memory(new LogRecord.Voted(precommit(0, Optional.empty(), 4))))
                .isEqualTo(Input.Memory.NONE);
    }

    @Test
    void theHighestPolkaIsShownWithItsBlock() {
        Input.Memory memory = memory(locked(0, a, 0, true), valued(b, 3, true), locked(0, a, 2, false));
        assertThat(memory.polka()).contains(new HeldPolka(0, b.header(), polka(b, 3), List.of()));
        assertThat(memory.block()).contains(b);
    }

    @Test
    void aBodyMayStandInAnEarlierRecord() {
        Input.Memory memory = memory(valued(a, 0, true), locked(0, a, 5, false));
        assertThat(memory.polka().orElseThrow().polka().round()).isEqualTo(5);
        assertThat(memory.block()).contains(a);
    }

    @Test
    void aLockOnABlockThatTheLogDoesNotHoldIsRefused() {
        LoggedPast past = past(locked(0, a, 0, false));
        assertThatThrownBy(() -> past.memory(0, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void polkasOfOtherHeightsDoNotCount() {
        assertThat(past(locked(0, a, 0, true)).memory(1, 0).polka()).isEmpty();
    }

    @Test
    void aPolkaOfALaterEpochIsHigherAndComesWithTheKeysOfThatEpoch() {
        Opening opening = opening(4, Optional.empty());
        Input.Memory memory = memory(locked(0, a, 9, true), new LogRecord.Opened(1, opening), locked(4, a, 0, false));
        HeldPolka held = memory.polka().orElseThrow();
        assertThat(held.epoch()).isEqualTo(4);
        assertThat(held.keys()).isEqualTo(opening.claims());
    }

    @Test
    void aPolkaForTheFirstBlockOfAnEpochComesWithItsKeysUntilABlockCarriesThem() {
        Opening opening = opening(4, Optional.empty());
        chain.open(opening);
        Block first = chain.propose(2_000, "first");
        HeldPolka held = TestHeaders.polka(4, first.header(), 0, chain.voters(), opening.claims(), 1, 2, 3);
        LoggedPast past =
                past(new LogRecord.Opened(1, opening), new LogRecord.Valued(4, 1, held.polka(), Optional.of(first)));
        assertThat(past.memory(0, 0).polka()).contains(held);
        assertThat(held.proves(set, TestKeys.CHECK)).isTrue();
        assertThat(past.memory(0, 4).polka().orElseThrow().keys()).isEmpty();
    }

    @Test
    void whatAnAcceptedOpeningRequiresIsRememberedWithItsBlock() {
        HeldPolka required = TestHeaders.polka(0, b.header(), 2, set, List.of(), 1, 2, 3);
        Input.Memory memory = memory(
                locked(0, a, 1, true),
                new LogRecord.Required(b),
                new LogRecord.Opened(1, opening(4, Optional.of(required))));
        assertThat(memory.polka()).contains(required);
        assertThat(memory.block()).contains(b);
        assertThat(memory.required()).contains(b);
        assertThat(memory.opening()).contains(opening(4, Optional.of(required)));
    }

    @Test
    void thePromiseIsTheHighestNumberThatWasStatedWithItsBoot() {
        LogRecord stated = new LogRecord.Stated(1, statement(7, 0, Optional.empty()));
        LogRecord earlier = new LogRecord.Stated(1, statement(3, 0, Optional.empty()));
        LogRecord opened = new LogRecord.Opened(1, opening(5, Optional.empty()));
        assertThat(memory(stated, earlier).stated()).contains(new Input.Promise(7, 2));
        assertThat(memory(opened, earlier).stated()).contains(new Input.Promise(3, 2));
        assertThat(memory(stated, opened).opening().orElseThrow().epoch()).isEqualTo(5);
    }

    @Test
    void theLatestOfSeveralOpeningsIsInForce() {
        LogRecord later = new LogRecord.Opened(1, opening(5, Optional.empty()));
        LogRecord earlier = new LogRecord.Opened(1, opening(2, Optional.empty()));
        assertThat(memory(later, earlier).opening()).contains(opening(5, Optional.empty()));
    }

    @Test
    void decidedBlocksAreGivenOutWithTheirBodiesWhereverTheyStand() {
        LogRecord decided = new LogRecord.Decided(chain.certificate(a), List.of(), Optional.empty());
        assertThat(past(locked(0, a, 0, true), decided).after(0).orElseThrow().block())
                .isEqualTo(a);
        assertThat(past(decided).after(0)).isEmpty();
        assertThat(past(decided).after(1)).isEmpty();
        List<KeyClaim> keys = opening(4, Optional.empty()).claims();
        LogRecord whole = new LogRecord.Decided(chain.certificate(b), keys, Optional.of(b));
        assertThat(past(whole).after(0).orElseThrow().keys()).isEqualTo(keys);
    }
}
