package io.cloister.consensus.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.HeldPolka;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Polka;
import io.cloister.consensus.Statement;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.TestStatements;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** When a node states, for which number, and what opens an epoch. Slot 2 of four, which leads the numbers 1, 5, 9. */
class RecoveryTest {
    private static final Pace PACE = new Pace(100, 200, 5_000, 500, 3_000);
    private static final long STALL = PACE.stall();
    private static final int SELF = 1;

    private final Committee committee = Committee.ofFour(); // height 8, so the base has height 7
    private final Committee before = new Committee(7, List.of(1L, 1L, 1L, 1L));
    private final Optional<CertifiedHeader> base = committee.parent.certified();
    private final Block a = committee.block(1);
    private final Block b = committee.block(2);
    private Recovery recovery = recovery(SELF);

    private static Recovery recovery(int index) {
        Recovery made = new Recovery(
                TestKeys.nodeId(index),
                PACE,
                TestKeys.CHECK,
                (named, claim, evidence) -> TestStatements.isEvidence(claim, evidence));
        made.begin(Input.Memory.NONE, 0);
        return made;
    }

    private Recovery.Standing at(boolean seated, Optional<HeldPolka> polka) {
        return new Recovery.Standing(
                Committee.CHAIN,
                0,
                committee.parent,
                committee.validators,
                committee.validators,
                true,
                seated,
                polka,
                id -> polka.flatMap(held -> Stream.of(a, b)
                                .filter(it -> it.id().equals(id))
                                .filter(it -> it.id().equals(held.header().id()))
                                .findFirst())
                        .or(() -> recovery.body(id)));
    }

    private Recovery.Standing seated() {
        return at(true, Optional.empty());
    }

    private Recovery.Standing rebooted() {
        return at(false, Optional.empty());
    }

    private Recovery.Standing inEpoch(long epoch) {
        return new Recovery.Standing(
                Committee.CHAIN,
                epoch,
                committee.parent,
                committee.validators,
                committee.validators,
                true,
                false,
                Optional.empty(),
                recovery::body);
    }

    private Statement statement(long number, int index) {
        return statement(number, index, base, Optional.empty());
    }

    private Statement statement(long number, int index, Optional<CertifiedHeader> on, Optional<HeldPolka> polka) {
        return TestStatements.statement(Committee.CHAIN, number, index, 2, on, polka);
    }

    private HeldPolka polka(Block block, Integer... slots) {
        return new HeldPolka(0, block.header(), committee.polka(0, block, slots), List.of());
    }

    private static Optional<Effect.State> stated(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.State.class::isInstance)
                .map(Effect.State.class::cast)
                .findFirst();
    }

    private static Optional<Effect.SignOpening> opened(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.SignOpening.class::isInstance)
                .map(Effect.SignOpening.class::cast)
                .findFirst();
    }

    private static Input.Memory promised(long number) {
        return new Input.Memory(
                Optional.empty(),
                Optional.empty(),
                Optional.of(new Input.Promise(number, 1)),
                Optional.empty(),
                Optional.empty());
    }

    /** What is held of others, as slot:number@base. */
    private String held() {
        String all = recovery.toString();
        return all.substring(all.indexOf('['));
    }

    /** This node has stated for a number. */
    private void state(long number, long nowMillis) {
        if (number > 1) {
            hear(statement(number, 0), statement(number, 3));
        }
        assertThat(stated(recovery.tick(rebooted(), nowMillis, 4)).orElseThrow().recovery())
                .isEqualTo(number);
        recovery.stated(statement(number, SELF), 8);
    }

    private void hear(Statement... statements) {
        for (Statement each : statements) {
            assertThat(recovery.heard(rebooted(), each)).isEmpty();
        }
    }

    @Test
    void aRebootedNodeStatesWhenNothingIsDecidedForAWhile() {
        assertThat(recovery.tick(rebooted(), STALL - 1, 4)).isEmpty();
        Optional<HeldPolka> polka = Optional.of(polka(a, 1, 2, 3));
        List<Effect> effects = recovery.tick(at(false, polka), STALL, 4);
        assertThat(effects).containsExactly(new Effect.LeaveEpochsBelow(1), new Effect.State(0, 1, base, polka));
        assertThat(recovery.promised()).isEqualTo(1);
    }

    @Test
    void nobodyStatesWhileBlocksAreDecided() {
        for (long now = 0; now < 20 * STALL; now += STALL / 2) {
            assertThat(recovery.tick(rebooted(), now, 4)).isEmpty();
            recovery.progressed(now, 0, committee.validators);
        }
    }

    @Test
    void nobodyStatesAloneOrAmongTooFew() {
        assertThat(recovery.tick(rebooted(), 9 * STALL, 2)).isEmpty();
        assertThat(recovery.tick(rebooted(), 9 * STALL, 3)).isNotEmpty();
    }

    @Test
    void aSeatedNodeDoesNotStateByItself() {
        assertThat(recovery.tick(seated(), 9 * STALL, 4)).isEmpty();
    }

    @Test
    void aNodeOutsideTheSetNeverStates() {
        recovery = recovery(7);
        hear(statement(1, 0), statement(1, 2), statement(1, 3));
        assertThat(recovery.tick(rebooted(), 9 * STALL, 4)).isEmpty();
    }

    @Test
    void aSeatedNodeJoinsWhenTheRebootedLeaveNoQuorum() {
        recovery.heard(seated(), statement(3, 0));
        assertThat(recovery.tick(seated(), 10, 4)).isEmpty(); // three are left
        recovery.heard(seated(), statement(3, 2));
        assertThat(stated(recovery.tick(seated(), 20, 4)).orElseThrow().recovery())
                .isEqualTo(3);
    }

    @Test
    void anEpochWithTwoOpeningsIsLeftSoon() {
        recovery.opened(2, 0);
        Opening other = opening(statement(2, 0), statement(2, 2), statement(2, 3));
        Opening forged = new Opening(other.statements(), TestKeys.sign(TestKeys.nodeId(0), other.hash()));
        assertThat(recovery.divides(inEpochTwo(false), forged)).isFalse();
        assertThat(recovery.tick(inEpochTwo(false), STALL, 4)).isEmpty();
        assertThat(recovery.divides(inEpochTwo(false), other)).isTrue();
        assertThat(recovery.tick(inEpochTwo(false), STALL - 1, 4)).isEmpty();
        assertThat(recovery.tick(inEpochTwo(false), STALL, 4)).contains(new Effect.State(2, 3, base, Optional.empty()));
    }

    private Recovery.Standing inEpochTwo(boolean begun) {
        return new Recovery.Standing(
                Committee.CHAIN,
                2,
                committee.parent,
                committee.validators,
                committee.validators,
                begun,
                true,
                Optional.empty(),
                recovery::body);
    }

    /** Its leader may have shown others another opening. */
    @Test
    void aSeatedNodeLeavesAnEpochThatDecidesNothing() {
        recovery.opened(2, 0);
        long patience = 2 * 3 * STALL; // the second epoch since the last block
        assertThat(recovery.tick(inEpochTwo(false), patience - 1, 4)).isEmpty();
        assertThat(recovery.tick(inEpochTwo(false), patience, 2)).isEmpty(); // too few are there
        assertThat(recovery.tick(inEpochTwo(true), patience, 4)).isEmpty();
        assertThat(recovery.tick(inEpochTwo(false), patience, 4))
                .contains(new Effect.State(2, 3, base, Optional.empty()));
    }

    @Test
    void aSeatedNodeJoinsAnyoneAfterALongStall() {
        recovery.heard(seated(), statement(3, 0));
        assertThat(recovery.tick(seated(), 3 * STALL - 1, 4)).isEmpty();
        assertThat(stated(recovery.tick(seated(), 3 * STALL, 4)).orElseThrow().recovery())
                .isEqualTo(1);
    }

    @Test
    void aPromiseIsReasonEnoughToStateForALaterNumber() {
        recovery.begin(promised(6), 0);
        assertThat(stated(recovery.tick(seated(), STALL, 4)).orElseThrow().recovery())
                .isEqualTo(7);
    }

    @Test
    void theFirstNumberIsTheHighestThatMoreThanAThirdHasReached() {
        hear(statement(4, 0), statement(6, 2));
        assertThat(stated(recovery.tick(rebooted(), STALL, 4)).orElseThrow().recovery())
                .isEqualTo(4);
    }

    @Test
    void aStatementIsDurableBeforeItLeavesAndIsRepeatedAtEachTick() {
        recovery.tick(rebooted(), STALL, 4);
        Statement own = statement(1, SELF);
        assertThat(recovery.tick(rebooted(), STALL + 1, 4)).isEmpty(); // not signed yet
        assertThat(recovery.stated(own, 8))
                .containsExactly(
                        new Effect.Persist(new LogRecord.Stated(8, own), true),
                        new Effect.Broadcast(new Message.Statements(List.of(own))));
        assertThat(recovery.tick(rebooted(), STALL + 2, 4))
                .containsExactly(new Effect.Broadcast(new Message.Statements(List.of(own))));
        assertThat(held()).isEqualTo("[2:1@7]");
    }

    @Test
    void aStatementForANumberThatWasLeftIsNotUsed() {
        state(1, STALL);
        hear(statement(2, 0), statement(2, 2));
        assertThat(stated(recovery.tick(rebooted(), STALL + PACE.tick(), 4))).isPresent();
        assertThat(recovery.stated(statement(1, SELF), 8)).isEmpty();
    }

    @Test
    void aHigherNumberIsFollowedWhenMoreThanAThirdHasReachedIt() {
        state(1, STALL);
        hear(statement(7, 0));
        assertThat(stated(recovery.tick(rebooted(), STALL + PACE.tick(), 4))).isEmpty();
        hear(statement(4, 2));
        assertThat(stated(recovery.tick(rebooted(), STALL + PACE.tick(), 4))
                        .orElseThrow()
                        .recovery())
                .isEqualTo(4);
    }

    @Test
    void withoutAQuorumOfStatementsTheNumberStays() {
        state(1, STALL);
        hear(statement(1, 0));
        assertThat(stated(recovery.tick(rebooted(), 100 * STALL, 4))).isEmpty();
    }

    @Test
    void theNextNumberComesWhenAQuorumStatedAndNoOpeningCame() {
        state(2, STALL); // led by slot 3
        hear(statement(2, 2), statement(2, 3));
        assertThat(recovery.tick(rebooted(), STALL + 1, 4)).hasSize(1);
        long patience = PACE.openingPatience(2);
        assertThat(stated(recovery.tick(rebooted(), STALL + patience, 4))).isEmpty();
        assertThat(stated(recovery.tick(rebooted(), STALL + 1 + patience, 4))
                        .orElseThrow()
                        .recovery())
                .isEqualTo(3);
    }

    @Test
    void patienceGrowsLinearlyUpToABound() {
        assertThat(PACE.openingPatience(1)).isEqualTo(3_000);
        assertThat(PACE.openingPatience(4)).isEqualTo(12_000);
        assertThat(PACE.openingPatience(50)).isEqualTo(30_000);
    }

    @Test
    void theLeaderOpensAtOnceWhenAllHaveStated() {
        state(1, STALL);
        hear(statement(1, 0), statement(1, 2));
        assertThat(opened(recovery.tick(rebooted(), STALL + 1, 4))).isEmpty(); // the fourth may still come
        hear(statement(1, 3));
        assertThat(opened(recovery.tick(rebooted(), STALL + 2, 4)).orElseThrow().statements())
                .extracting(Statement::slot)
                .containsExactly(1, 2, 3, 4);
    }

    @Test
    void theLeaderWaitsALittleForTheLastStatements() {
        state(1, STALL);
        hear(statement(1, 0), statement(1, 2));
        assertThat(opened(recovery.tick(rebooted(), STALL + 1, 4))).isEmpty();
        long grace = PACE.openingGrace();
        assertThat(opened(recovery.tick(rebooted(), STALL + grace, 4))).isEmpty();
        assertThat(opened(recovery.tick(rebooted(), STALL + 1 + grace, 4))
                        .orElseThrow()
                        .statements())
                .extracting(Statement::slot)
                .containsExactly(1, 2, 3);
    }

    @Test
    void theLeaderOpensAtMostOnceForANumber() {
        state(1, STALL);
        hear(statement(1, 0), statement(1, 2), statement(1, 3));
        assertThat(opened(recovery.tick(rebooted(), STALL + 1, 4))).isPresent();
        for (int i = 2; i < 50; i++) {
            assertThat(opened(recovery.tick(rebooted(), STALL + i, 4))).isEmpty();
        }
    }

    @Test
    void onlyTheLeaderOfTheNumberOpens() {
        state(2, STALL);
        hear(statement(2, 2), statement(2, 3));
        assertThat(opened(recovery.tick(rebooted(), STALL + 1, 4))).isEmpty();
        for (long number = 0; number < 9; number++) {
            assertThat(Recovery.leader(committee.validators, number).slot()).isEqualTo((int) (number % 4) + 1);
        }
    }

    /** An opening of epoch 1 that gave slot 1 its third boot, and the polka of its block. */
    private HeldPolka polkaOfEpochOne() {
        Opening first = TestStatements.opening(
                4,
                TestStatements.statement(Committee.CHAIN, 1, 0, 3, base, Optional.empty()),
                statement(1, 2),
                statement(1, 3));
        Committee inOne = committee.in(
                1, KeyClaim.replaced(committee.validators, first.claims()).orElseThrow());
        Block block = inOne.opened(1, first);
        recovery.hold(block);
        return new HeldPolka(1, block.header(), inOne.polka(0, block, 1, 3, 4), first.claims());
    }

    @Test
    void anOpeningGivesNoSlotAnOlderBootThanTheBlockThatItRequires() {
        HeldPolka polka = polkaOfEpochOne();
        Statement shows = statement(5, 2, base, Optional.of(polka));
        Statement older = TestStatements.statement(Committee.CHAIN, 5, 0, 2, base, Optional.empty());
        Statement same = TestStatements.statement(Committee.CHAIN, 5, 0, 3, base, Optional.empty());
        assertThat(judged(opening(older, shows, statement(5, 3)))).contains(Refusal.BAD_OPENING);
        assertThat(judged(opening(same, shows, statement(5, 3)))).isEmpty();
        Statement another = TestStatements.statement(
                Committee.CHAIN, 5, 3, TestKeys.voteKey(0, 3), 2, base, Optional.empty()); // the key of slot 1
        assertThat(judged(opening(statement(5, 1), shows, another))).contains(Refusal.BAD_OPENING);
    }

    @Test
    void theLeaderLeavesOutWhoIsOlderThanTheBlockThatIsRequired() {
        HeldPolka polka = polkaOfEpochOne();
        Statement older = TestStatements.statement(Committee.CHAIN, 5, 0, 2, base, Optional.empty());
        recovery.begin(promised(4), 0);
        assertThat(recovery.tick(rebooted(), STALL, 4)).isNotEmpty();
        recovery.stated(statement(5, SELF), 8);
        hear(older, statement(5, 2, base, Optional.of(polka)), statement(5, 3));
        long grace = STALL + PACE.openingGrace() + 1;
        recovery.tick(rebooted(), STALL + 1, 4);
        assertThat(opened(recovery.tick(rebooted(), grace, 4)).orElseThrow().statements())
                .extracting(Statement::slot)
                .containsExactly(2, 3, 4);
    }

    @Test
    void theLeaderTakesOnlyStatementsThatItKnowsToBeTrue() {
        state(1, STALL);
        Optional<CertifiedHeader> other = Optional.of(
                new CertifiedHeader(before.block(5).header(), before.certificate(before.block(5), 1, 2, 3), List.of()));
        Optional<CertifiedHeader> ahead =
                Optional.of(new CertifiedHeader(a.header(), committee.certificate(a, 1, 2, 3), List.of()));
        hear(
                statement(1, 0, other, Optional.empty()), // another block in the base's place
                statement(1, 2, base, Optional.of(polka(a, 1, 2))), // a polka of half the weight
                statement(1, 3, ahead, Optional.empty())); // a block that this node lacks
        assertThat(opened(recovery.tick(rebooted(), STALL + PACE.openingGrace() + 1, 4)))
                .isEmpty();
        assertThat(opened(recovery.tick(rebooted(), 9 * STALL, 4))).isEmpty();
    }

    private Optional<Refusal> refusal(Statement statement) {
        return recovery.heard(rebooted(), statement);
    }

    @Test
    void refusesAStatementThatItsSlotDidNotSignOrThatNothingVouchesFor() {
        Statement good = statement(1, 0);
        Statement byAnother = new Statement(
                TestStatements.signed(good.claim(), TestKeys.nodeId(2)), good.evidence(), good.base(), good.polka());
        assertThat(refusal(byAnother)).contains(Refusal.BAD_STATEMENT);
        Bytes rubbish = Bytes.utf8("no evidence");
        KeyClaim claim = TestStatements.signed(
                Statement.claim(Committee.CHAIN, 0, 1, 1, TestKeys.voteKey(0, 2), 2, rubbish, base, Optional.empty()),
                TestKeys.nodeId(0));
        assertThat(refusal(new Statement(claim, rubbish, base, Optional.empty())))
                .contains(Refusal.BAD_STATEMENT);
        assertThat(held()).isEqualTo("[]");
    }

    @Test
    void refusesAnotherKeyOfTheRegisteredBoot() {
        Statement clone =
                TestStatements.statement(Committee.CHAIN, 1, 0, TestKeys.voteKey(0, 7), 1, base, Optional.empty());
        assertThat(refusal(clone)).contains(Refusal.BAD_STATEMENT);
        Statement living = TestStatements.statement(Committee.CHAIN, 1, 0, 1, base, Optional.empty());
        assertThat(refusal(living)).isEmpty();
        assertThat(held()).isEqualTo("[1:1@7]");
    }

    @Test
    void passesOverAnOlderBootAndWhoIsNoMember() {
        Statement old =
                TestStatements.statement(Committee.CHAIN, 1, 0, TestKeys.voteKey(0, 0), 0, base, Optional.empty());
        assertThat(refusal(old)).isEmpty();
        assertThat(refusal(statement(1, 8))).isEmpty();
        assertThat(refusal(statement(1, SELF))).isEmpty(); // the own slot speaks for itself
        assertThat(held()).isEqualTo("[]");
    }

    @Test
    void refusesANumberThatIsTooFarOrOfAnotherChain() {
        assertThat(refusal(statement(Recovery.NUMBERS_AHEAD, 0))).isEmpty();
        assertThat(refusal(statement(Recovery.NUMBERS_AHEAD + 1, 2))).contains(Refusal.BAD_STATEMENT);
        Statement foreign = TestStatements.statement("other", 1, 2, 2, base, Optional.empty());
        assertThat(refusal(foreign)).contains(Refusal.BAD_STATEMENT);
    }

    @Test
    void aSlotsStatementForAHigherNumberReplacesItsLower() {
        hear(statement(2, 0), statement(5, 0), statement(3, 0));
        assertThat(held()).isEqualTo("[1:5@7]");
    }

    @Test
    void statementsOfEpochsThatAreOpenAreForgotten() {
        hear(statement(2, 0), statement(5, 2));
        recovery.opened(2, 10);
        assertThat(held()).isEqualTo("[3:5@7]");
        assertThat(recovery.promised()).isEqualTo(2);
        assertThat(recovery.heard(inEpoch(2), statement(2, 3))).isEmpty();
        assertThat(held()).isEqualTo("[3:5@7]");
    }

    private Opening opening(Statement... statements) {
        return TestStatements.opening(4, statements);
    }

    private Opening three(long number) {
        return opening(statement(number, 0), statement(number, 2), statement(number, 3));
    }

    private Optional<Refusal> judged(Opening opening) {
        return recovery.judge(rebooted(), opening);
    }

    @Test
    void acceptsAnOpeningOfAQuorumThatItsLeaderSigned() {
        assertThat(judged(three(3))).isEmpty();
        assertThat(recovery.isAcceptable(rebooted(), three(3))).isTrue();
    }

    @Test
    void refusesAnOpeningThatProvesNothing() {
        recovery.hold(a);
        recovery.hold(b);
        Opening good = three(3);
        Bytes byAnother = TestKeys.sign(TestKeys.nodeId(0), good.hash());
        Statement forged = new Statement(
                TestStatements.signed(statement(3, 3).claim(), TestKeys.nodeId(0)),
                statement(3, 3).evidence(),
                base,
                Optional.empty());
        Block wrong = before.block(5);
        Optional<CertifiedHeader> other =
                Optional.of(new CertifiedHeader(wrong.header(), before.certificate(wrong, 1, 2, 3), List.of()));
        List<Opening> bad = List.of(
                new Opening(good.statements(), byAnother),
                opening(statement(3, 0), statement(3, 2)), // half
                opening(statement(3, 0), statement(3, 2), forged),
                opening(statement(3, 0), statement(3, 2), statement(3, 3, other, Optional.empty())),
                opening(statement(3, 0), statement(3, 2), statement(3, 3, base, Optional.of(polka(a, 1, 2)))),
                opening(statement(3, 0), statement(3, 2), statement(3, 3, base, Optional.of(strangePolka()))),
                three(Recovery.NUMBERS_AHEAD + 1));
        for (Opening each : bad) {
            assertThat(judged(each)).contains(Refusal.BAD_OPENING);
        }
    }

    /** Genuine signatures, but for another round than it names. */
    private HeldPolka strangePolka() {
        Polka of = committee.polka(0, b, 1, 2, 3);
        return new HeldPolka(0, b.header(), new Polka(4, b.id(), of.signatures()), List.of());
    }

    @Test
    void noOpeningBelowThePromiseOrOfAnEpochThatIsOpenIsAcceptable() {
        recovery.begin(promised(5), 0);
        assertThat(recovery.isAcceptable(rebooted(), three(4))).isFalse();
        assertThat(recovery.isAcceptable(rebooted(), three(5))).isTrue();
        assertThat(recovery.isAcceptable(inEpoch(5), three(5))).isFalse();
    }

    @Test
    void anOpeningOnABlockThatIsNotHeldIsKeptUntilItIs() {
        Optional<CertifiedHeader> ahead =
                Optional.of(new CertifiedHeader(a.header(), committee.certificate(a, 1, 2, 3), List.of()));
        Opening opening = opening(
                statement(3, 0, ahead, Optional.empty()), statement(3, 2, ahead, Optional.empty()), statement(3, 3));
        assertThat(recovery.isAcceptable(rebooted(), opening)).isFalse();
        recovery.keep(rebooted(), opening);
        assertThat(recovery.kept()).contains(opening);
        assertThat(recovery.kept()).isEmpty();
    }

    @Test
    void whoHasDecidedWhatAnOpeningRequiresMayStillAcceptIt() {
        Committee next = committee.after(a);
        Recovery.Standing ahead = new Recovery.Standing(
                Committee.CHAIN,
                0,
                next.parent,
                committee.validators,
                committee.validators,
                true,
                false,
                Optional.empty(),
                recovery::body);
        Statement shows = statement(3, 0, base, Optional.of(polka(a, 1, 2, 3)));
        Opening requiresA = opening(shows, statement(3, 2), statement(3, 3));
        assertThat(recovery.isAcceptable(ahead, requiresA)).isTrue();
        assertThat(recovery.judge(ahead, requiresA)).isEmpty();
        assertThat(recovery.isAcceptable(ahead, three(3))).isFalse();
        Statement showsB = statement(3, 0, base, Optional.of(polka(b, 1, 2, 3)));
        assertThat(recovery.isAcceptable(ahead, opening(showsB, statement(3, 2), statement(3, 3))))
                .isFalse();
    }

    @Test
    void aStatementBindsNoLongerOnceANewerBootIsSeated() {
        recovery.begin(
                new Input.Memory(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new Input.Promise(6, 1)),
                        Optional.empty(),
                        Optional.empty()),
                0);
        recovery.progressed(1, 0, committee.validators);
        assertThat(recovery.promised()).isEqualTo(6);
        ValidatorSet newer = new ValidatorSet(committee.validators.validators().stream()
                .map(it -> it.slot() == SELF + 1
                        ? new Validator(it.slot(), it.nodeId(), TestKeys.voteKey(SELF, 2), it.weight(), 2)
                        : it)
                .toList());
        recovery.progressed(2, 0, newer);
        assertThat(recovery.promised()).isZero();
    }

    @Test
    void anEpochThatIsKnownToBeOpenBindsWhateverBootIsSeated() {
        recovery.learned(3);
        recovery.progressed(2, 0, committee.validators);
        assertThat(recovery.promised()).isEqualTo(3);
    }
}
