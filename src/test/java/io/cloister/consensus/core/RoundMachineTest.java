package io.cloister.consensus.core;

import static io.cloister.consensus.VoteType.PRECOMMIT;
import static io.cloister.consensus.VoteType.PREVOTE;
import static io.cloister.consensus.core.Play.name;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.consensus.Block;
import io.cloister.consensus.Evidence;
import io.cloister.consensus.Polka;
import io.cloister.consensus.TestKeys;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rules of arXiv 1807.04938, by their lines. Slot r + 1 proposes in round r; four validators of weight 1. */
class RoundMachineTest {
    private final Committee committee = Committee.ofFour();
    private final Block a = committee.block(1);
    private final Block b = committee.block(2);

    /** Slot 4 locked on {@code a} in round 0, and now in round 1. */
    private Play lockedInRoundOne() {
        return Play.start(4)
                .proposal(0, a)
                .prevotes(0, a, 1, 2)
                .nilPrecommits(0, 1, 2, 3)
                .timeout(0, Step.PRECOMMIT);
    }

    @Test
    void line14ProposerAsksForAValueAndProposesIt() {
        Play play = new Play(committee, 1);
        play.value = Optional.of(a);
        play.input(new Input.Start());
        assertThat(play.effects(Effect.Build.class)).containsExactly(new Effect.Build(8, 0));
        assertThat(play.proposals()).singleElement().satisfies(proposal -> {
            assertThat(proposal.outline()).isEqualTo(a.outline());
            assertThat(proposal.validRound()).isEqualTo(-1);
        });
        assertThat(play.votes()).containsExactly(name(PREVOTE, 0, a));
    }

    @Test
    void line16ProposerOfALaterRoundProposesItsValidValueWithThePolka() {
        Play play = new Play(committee, 2)
                .input(new Input.Start())
                .proposal(0, a)
                .prevotes(0, a, 1, 3)
                .nilPrecommits(0, 1, 3, 4)
                .timeout(0, Step.PRECOMMIT);
        assertThat(play.proposals()).singleElement().satisfies(proposal -> {
            assertThat(proposal.round()).isEqualTo(1);
            assertThat(proposal.outline()).isEqualTo(a.outline());
            assertThat(proposal.validRound()).isZero();
            assertThat(Play.slots(proposal.polka().orElseThrow())).containsExactly(1, 2, 3);
        });
        assertThat(play.effects(Effect.Build.class)).isEmpty();
    }

    @Test
    void line21EverybodyArmsTheProposeTimeout() {
        assertThat(Play.start(3).timers()).containsExactly("PROPOSE 0 1000");
        assertThat(Play.start(1).timers()).containsExactly("PROPOSE 0 1000");
    }

    @Test
    void line22PrevotesAFreshValidProposal() {
        assertThat(Play.start(3).proposal(0, a).votes()).containsExactly(name(PREVOTE, 0, a));
    }

    @Test
    void line23PrevotesNilForAnInvalidProposal() {
        Play play = Play.start(3);
        play.invalid.add(a.id());
        assertThat(play.proposal(0, a).votes()).containsExactly("PREVOTE 0 nil");
    }

    @Test
    void line23PrevotesNilForAFreshProposalOfAnotherTime() {
        Play play = Play.start(3);
        play.untimely.add(a.id());
        assertThat(play.proposal(0, a).votes()).containsExactly("PREVOTE 0 nil");
    }

    @Test
    void line23WaitsForTheVerdict() {
        Play play = Play.start(3);
        play.judging = false;
        assertThat(play.proposal(0, a).votes()).isEmpty();
        assertThat(play.judge(a).votes()).containsExactly(name(PREVOTE, 0, a));
    }

    @Test
    void line23PrevotesNilWhenLockedOnAnotherValue() {
        Play play = lockedInRoundOne().proposal(1, b);
        assertThat(play.votes()).endsWith("PREVOTE 1 nil");
    }

    @Test
    void line23PrevotesAFreshProposalOfTheLockedValue() {
        Play play = lockedInRoundOne().proposal(1, a);
        assertThat(play.votes()).endsWith(name(PREVOTE, 1, a));
    }

    @Test
    void line22TakesTheFirstOfTwoProposals() {
        Play play = Play.start(3).proposal(0, a).proposal(0, b);
        assertThat(play.votes()).containsExactly(name(PREVOTE, 0, a));
        assertThat(play.effects(Effect.Misbehaved.class)).singleElement().satisfies(it -> {
            assertThat(it.evidence()).isInstanceOf(Evidence.DoubleProposal.class);
            assertThat(it.evidence().slot()).isEqualTo(1);
        });
    }

    @Test
    void line22DoesNothingAfterTheProposeStep() {
        Play play = Play.start(3).timeout(0, Step.PROPOSE).proposal(0, a);
        assertThat(play.votes()).containsExactly("PREVOTE 0 nil");
    }

    @Test
    void line28PrevotesTheValueOfALaterPolkaThanTheLock() {
        Play play = lockedInRoundOne()
                .timeout(1, Step.PROPOSE)
                .nilPrevotes(1, 1)
                .nilPrecommits(1, 1, 2, 3)
                .timeout(1, Step.PRECOMMIT)
                .proposal(2, b, committee.polka(1, b, 1, 2, 3));
        assertThat(play.votes()).endsWith(name(PREVOTE, 2, b));
    }

    @Test
    void line29PrevotesNilForAnotherValueOfAnEarlierPolkaThanTheLock() {
        Play play = Play.start(4)
                .nilPrevotes(0, 1, 2)
                .nilPrecommits(0, 1, 2, 3)
                .timeout(0, Step.PRECOMMIT)
                .proposal(1, b)
                .prevotes(1, b, 1, 2)
                .nilPrecommits(1, 1, 2, 3)
                .timeout(1, Step.PRECOMMIT)
                .proposal(2, a, committee.polka(0, a, 1, 2, 3));
        assertThat(play.driver.locked().orElseThrow().round()).isEqualTo(1);
        assertThat(play.votes()).endsWith("PREVOTE 2 nil");
    }

    @Test
    void line29PrevotesTheLockedValueWhateverTheRoundOfItsPolka() {
        Play play = lockedInRoundOne().proposal(1, a, committee.polka(0, a, 1, 2, 3));
        assertThat(play.votes()).endsWith(name(PREVOTE, 1, a));
    }

    @Test
    void line28AsksNobodyForTheTimeOfAValueThatHadAPolka() {
        Play play = Play.start(4).nilPrecommits(0, 1, 2, 3).timeout(0, Step.PRECOMMIT);
        play.untimely.add(a.id());
        assertThat(play.proposal(1, a, committee.polka(0, a, 1, 2, 3)).votes()).endsWith(name(PREVOTE, 1, a));
    }

    @Test
    void line34ArmsThePrevoteTimeoutOnceAtAQuorumOfAnyPrevotes() {
        Play play = Play.start(3).proposal(0, a).prevotes(0, b, 1);
        assertThat(play.timers()).containsExactly("PROPOSE 0 1000");
        play.nilPrevotes(0, 2);
        assertThat(play.timers()).containsExactly("PROPOSE 0 1000", "PREVOTE 0 400");
        play.nilPrevotes(0, 4);
        assertThat(play.timers()).hasSize(2);
    }

    @Test
    void line34HoldsForMoreThanAQuorumThatWasThereBefore() {
        Play play = Play.start(3).prevotes(0, a, 1).prevotes(0, b, 2).nilPrevotes(0, 4);
        assertThat(play.timers()).containsExactly("PROPOSE 0 1000");
        play.timeout(0, Step.PROPOSE); // the own prevote makes four: more than a quorum at once
        assertThat(play.timers()).containsExactly("PROPOSE 0 1000", "PREVOTE 0 400");
    }

    @Test
    void line34ArmsNothingBeforeThePrevoteStep() {
        Play play = Play.start(3).nilPrevotes(0, 1).prevotes(0, a, 2).prevotes(0, b, 4);
        assertThat(play.timers()).containsExactly("PROPOSE 0 1000");
    }

    @Test
    void line36LocksAndPrecommitsAtAPolka() {
        Play play = Play.start(3).proposal(0, a).prevotes(0, a, 1);
        assertThat(play.votes()).containsExactly(name(PREVOTE, 0, a));
        play.prevotes(0, a, 2);
        assertThat(play.votes()).containsExactly(name(PREVOTE, 0, a), name(PRECOMMIT, 0, a));
        assertThat(play.driver.locked().orElseThrow().blockId()).isEqualTo(a.id());
        assertThat(play.driver.valid()).isEqualTo(play.driver.locked());
    }

    @Test
    void line36WaitsForTheBodyOfThePolka() {
        Play play = Play.start(3).timeout(0, Step.PROPOSE).prevotes(0, a, 1, 2, 4);
        assertThat(play.driver.missing()).contains(a.id());
        assertThat(play.votes()).containsExactly("PREVOTE 0 nil");
        play.proposal(0, a);
        assertThat(play.votes()).containsExactly("PREVOTE 0 nil", name(PRECOMMIT, 0, a));
    }

    @Test
    void line36IgnoresThePolkaOfAnInvalidValue() {
        Play play = Play.start(3);
        play.invalid.add(a.id());
        play.proposal(0, a).prevotes(0, a, 1, 2, 4);
        assertThat(play.driver.locked()).isEmpty();
        assertThat(play.votes()).containsExactly("PREVOTE 0 nil");
    }

    @Test
    void line42UpdatesTheValidValueAloneAfterThePrecommit() {
        Play play =
                Play.start(3).proposal(0, a).nilPrevotes(0, 4).prevotes(0, a, 1).timeout(0, Step.PREVOTE);
        assertThat(play.votes()).containsExactly(name(PREVOTE, 0, a), "PRECOMMIT 0 nil");
        play.prevotes(0, a, 2);
        assertThat(play.driver.locked()).isEmpty();
        assertThat(play.driver.valid().orElseThrow().blockId()).isEqualTo(a.id());
        assertThat(play.log().getLast()).isInstanceOf(LogRecord.Valued.class);
        play.prevotes(0, a, 4);
        assertThat(play.log().stream().filter(LogRecord.Valued.class::isInstance))
                .hasSize(1);
    }

    @Test
    void line42ValidValueOfALatePolkaIsWhatTheNextProposerProposes() {
        Play play = Play.start(2)
                .proposal(0, a)
                .nilPrevotes(0, 4)
                .prevotes(0, a, 1)
                .timeout(0, Step.PREVOTE)
                .prevotes(0, a, 3)
                .nilPrecommits(0, 1, 3)
                .timeout(0, Step.PRECOMMIT);
        assertThat(play.proposals()).singleElement().satisfies(proposal -> {
            assertThat(proposal.round()).isEqualTo(1);
            assertThat(proposal.outline()).isEqualTo(a.outline());
            assertThat(proposal.validRound()).isZero();
        });
    }

    @Test
    void line44PrecommitsNilAtAPolkaForNil() {
        Play play = Play.start(3).timeout(0, Step.PROPOSE).nilPrevotes(0, 1, 2);
        assertThat(play.votes()).containsExactly("PREVOTE 0 nil", "PRECOMMIT 0 nil");
    }

    @Test
    void line44DoesNothingBeforeThePrevoteStep() {
        assertThat(Play.start(3).nilPrevotes(0, 1, 2, 4).votes()).isEmpty();
    }

    @Test
    void line47ArmsThePrecommitTimeoutOnceAtAQuorumOfAnyPrecommits() {
        Play play = Play.start(3).precommits(0, a, 1).nilPrecommits(0, 2);
        assertThat(play.timers()).containsExactly("PROPOSE 0 1000");
        play.precommits(0, b, 4);
        assertThat(play.timers()).containsExactly("PROPOSE 0 1000", "PRECOMMIT 0 250");
        play.timeout(0, Step.PROPOSE).nilPrevotes(0, 1, 2);
        assertThat(play.timers().stream().filter(it -> it.startsWith("PRECOMMIT")))
                .hasSize(1);
    }

    @Test
    void line47HoldsWhenARoundIsEnteredWithMoreThanAQuorum() {
        Play play = Play.start(3).nilPrecommits(1, 1).nilPrecommits(1, 2).nilPrecommits(1, 4);
        assertThat(play.driver.round()).isEqualTo(1);
        assertThat(play.timers()).contains("PRECOMMIT 1 350");
    }

    @Test
    void line49DecidesAtAQuorumOfPrecommits() {
        Play play = Play.start(3).proposal(0, a).precommits(0, a, 1, 2);
        assertThat(play.effects(Effect.Commit.class)).isEmpty();
        play.precommits(0, a, 4);
        assertThat(play.effects(Effect.Commit.class)).singleElement().satisfies(commit -> {
            assertThat(commit.block().block()).isEqualTo(a);
            assertThat(commit.block().certificate().round()).isZero();
            assertThat(Play.slots(commit.block().certificate())).containsExactly(1, 2, 4);
        });
    }

    @Test
    void line49DecidesInAnEarlierRound() {
        Play play = Play.start(3)
                .proposal(0, a)
                .precommits(0, a, 1, 2)
                .nilPrevotes(1, 1, 2) // skips to round 1
                .precommits(0, a, 4);
        assertThat(play.driver.round()).isEqualTo(1);
        assertThat(play.effects(Effect.Commit.class))
                .singleElement()
                .satisfies(commit ->
                        assertThat(commit.block().certificate().round()).isZero());
    }

    @Test
    void line49WaitsForTheBodyThatItNames() {
        Play play = Play.start(3).precommits(0, a, 1, 2, 4);
        assertThat(play.effects(Effect.Commit.class)).isEmpty();
        assertThat(play.driver.missing()).contains(a.id());
        assertThat(play.proposal(0, a).effects(Effect.Commit.class)).hasSize(1);
    }

    @Test
    void line49TakesTheSecondOfTwoProposalsWhenThatOneWon() {
        Play play = Play.start(3).proposal(0, a).proposal(0, b).precommits(0, b, 1, 2, 4);
        assertThat(play.effects(Effect.Commit.class))
                .singleElement()
                .satisfies(commit -> assertThat(commit.block().block()).isEqualTo(b));
    }

    @Test
    void line50HaltsAtAQuorumForAnInvalidValue() {
        Play play = Play.start(3);
        play.invalid.add(a.id());
        play.proposal(0, a).precommits(0, a, 1, 2, 4);
        assertThat(play.effects(Effect.Commit.class)).isEmpty();
        assertThat(play.effects(Effect.Halt.class)).hasSize(1);
    }

    @Test
    void line49DecidesOnce() {
        Play play = Play.start(3).proposal(0, a).precommits(0, a, 1, 2, 4).prevotes(0, a, 1, 2, 4);
        assertThat(play.effects(Effect.Commit.class)).hasSize(1);
        assertThat(play.driver.isDecided()).isTrue();
    }

    @Test
    void line55SkipsToARoundThatMoreThanAThirdSpeaksOf() {
        Play play = Play.start(3).nilPrevotes(5, 1);
        assertThat(play.driver.round()).isZero();
        play.nilPrecommits(5, 2);
        assertThat(play.driver.round()).isEqualTo(5);
        assertThat(play.timers()).containsExactly("PROPOSE 0 1000", "PROPOSE 5 1500");
    }

    @Test
    void line55NeedsStrictlyMoreThanAThird() {
        Committee three = Committee.of(1L, 1L, 1L);
        Play play = new Play(three, 3).input(new Input.Start()).nilPrevotes(1, 1);
        assertThat(play.driver.round()).isZero(); // one of three is exactly a third
        assertThat(play.nilPrevotes(1, 2).driver.round()).isEqualTo(1);
    }

    @Test
    void line55CountsOneValidatorOnceWhateverItSays() {
        Play play = Play.start(3).nilPrevotes(1, 1).nilPrecommits(1, 1).nilPrevotes(1, 1);
        assertThat(play.driver.round()).isZero();
    }

    @Test
    void line55CountsProposals() {
        Play play = Play.start(3).proposal(1, a); // by slot 2
        assertThat(play.driver.round()).isZero();
        play.nilPrevotes(1, 4);
        assertThat(play.driver.round()).isEqualTo(1);
        assertThat(play.votes()).containsExactly(name(PREVOTE, 1, a));
    }

    @Test
    void line55NeedsOneRoundThatTheyAllSpeakOf() {
        Play play = Play.start(3).nilPrevotes(5, 1).nilPrevotes(6, 2);
        assertThat(play.driver.round()).isZero();
        play.nilPrevotes(6, 1);
        assertThat(play.driver.round()).isEqualTo(6);
    }

    @Test
    void line57PrevotesNilWhenNoProposalCame() {
        Play play = Play.start(3).timeout(0, Step.PROPOSE);
        assertThat(play.votes()).containsExactly("PREVOTE 0 nil");
        assertThat(play.driver.step()).isEqualTo(Step.PREVOTE);
    }

    @Test
    void line57DoesNothingAfterThePrevoteOrInAnotherRound() {
        Play play = Play.start(3).proposal(0, a).timeout(0, Step.PROPOSE).timeout(1, Step.PROPOSE);
        assertThat(play.effects(Effect.SignVote.class)).hasSize(1);
        assertThat(play.votes()).containsExactly(name(PREVOTE, 0, a));
    }

    @Test
    void line61PrecommitsNilWhenNoPolkaCame() {
        Play play = Play.start(3).proposal(0, a).timeout(0, Step.PREVOTE);
        assertThat(play.votes()).containsExactly(name(PREVOTE, 0, a), "PRECOMMIT 0 nil");
        play.timeout(0, Step.PREVOTE);
        assertThat(play.effects(Effect.SignVote.class)).hasSize(2);
    }

    @Test
    void line65StartsTheNextRound() {
        Play play = Play.start(3).timeout(0, Step.PRECOMMIT);
        assertThat(play.driver.round()).isEqualTo(1);
        assertThat(play.timers()).endsWith("PROPOSE 1 1100");
        play.timeout(0, Step.PRECOMMIT);
        assertThat(play.driver.round()).isEqualTo(1);
    }

    @Test
    void aQuorumIsStrictlyMoreThanTwoThirds() {
        Committee three = Committee.of(1L, 1L, 1L);
        Play play = new Play(three, 3).input(new Input.Start());
        Block block = three.block(1);
        play.proposal(0, block).precommits(0, block, 1, 2);
        assertThat(play.effects(Effect.Commit.class)).isEmpty(); // two of three are exactly two thirds
        play.precommits(0, block, 3);
        assertThat(play.effects(Effect.Commit.class)).hasSize(1);
    }

    @Test
    void fiveValidatorsNeedFour() {
        Committee five = Committee.of(1L, 1L, 1L, 1L, 1L);
        Play play = new Play(five, 5).input(new Input.Start());
        Block block = five.block(1);
        play.proposal(0, block).precommits(0, block, 1, 2, 3);
        assertThat(play.effects(Effect.Commit.class)).isEmpty();
        play.precommits(0, block, 4);
        assertThat(play.effects(Effect.Commit.class)).hasSize(1);
    }

    @Test
    void weightsCountAndNotHeads() {
        Committee uneven = Committee.of(10L, 1L, 1L, 1L);
        Play play = new Play(uneven, 4).input(new Input.Start());
        Block block = uneven.block(1);
        play.proposal(0, block).precommits(0, block, 2, 3, 4);
        assertThat(play.effects(Effect.Commit.class)).isEmpty();
        play.precommits(0, block, 1);
        assertThat(play.effects(Effect.Commit.class)).hasSize(1);
    }

    @Test
    void aPrevoteNamesThePolkaOrTheLockThatItRestsOn() {
        assertThat(Play.start(3).proposal(0, a).effects(Effect.SignVote.class))
                .extracting(Effect.SignVote::basis)
                .containsExactly(-1);
        Play locked = lockedInRoundOne().proposal(1, a); // a fresh proposal of the locked value
        assertThat(locked.effects(Effect.SignVote.class).getLast().basis()).isZero();
        Play other = lockedInRoundOne()
                .timeout(1, Step.PROPOSE)
                .nilPrecommits(1, 1, 2, 3)
                .timeout(1, Step.PRECOMMIT)
                .proposal(2, b, committee.polka(1, b, 1, 2, 3));
        assertThat(other.effects(Effect.SignVote.class).getLast().basis()).isEqualTo(1);
    }

    @Test
    void prevotesOfOneValueMakeAPolkaWhateverTheyRestOn() {
        Play play = Play.start(3)
                .nilPrecommits(0, 1, 2, 4)
                .timeout(0, Step.PRECOMMIT)
                .proposal(1, a)
                .input(new Input.VoteArrived(committee.prevote(1, a, 0, 1)))
                .input(new Input.VoteArrived(committee.prevote(1, a, -1, 2)));
        assertThat(play.votes()).endsWith(name(PRECOMMIT, 1, a));
        Polka polka = play.driver.locked().orElseThrow();
        assertThat(polka.isGenuine(Committee.CHAIN, 0, committee.height, committee.validators, TestKeys.CHECK))
                .isTrue();
    }

    @Test
    void proposesAndDecidesWhatARecoveryPrescribesAndNothingElse() {
        HeightContext plain = committee.context(1);
        HeightContext prescribed = new HeightContext(
                Committee.CHAIN,
                0,
                plain.parent(),
                plain.validators(),
                plain.self(),
                Optional.empty(),
                Optional.of(a.id()));
        Driver driver = new Driver(prescribed, Committee.TIMEOUTS, Committee.TIMEOUTS::proposeBase);
        List<Effect> begun = driver.step(new Input.Start());
        assertThat(begun).noneMatch(Effect.Build.class::isInstance).noneMatch(Effect.SignProposal.class::isInstance);
        assertThat(driver.missing()).contains(a.id());
        assertThat(driver.step(new Input.BodyReady(b))).isEmpty();
        List<Effect> ready = driver.step(new Input.BodyReady(a));
        assertThat(ready).contains(new Effect.Validate(a), new Effect.SignProposal(0, a, Optional.empty()));
    }

    @Test
    void anObserverFollowsWithoutAWord() {
        Committee of = Committee.ofFour();
        Play play = new Play(of, 9).input(new Input.Start());
        play.proposal(0, a).prevotes(0, a, 1, 2, 3).precommits(0, a, 1, 2, 3);
        assertThat(play.effects(Effect.SignVote.class)).isEmpty();
        assertThat(play.effects(Effect.Commit.class)).hasSize(1);
    }

    @Test
    void timeoutsGrowLinearlyUpToACap() {
        Timeouts timeouts = new Timeouts(1_000, 400, 250, 250, 3_000);
        assertThat(timeouts.of(Step.PROPOSE, 0, 1_000)).isEqualTo(1_000);
        assertThat(timeouts.of(Step.PROPOSE, 4, 1_000)).isEqualTo(2_000);
        assertThat(timeouts.of(Step.PREVOTE, 2, 1_000)).isEqualTo(900);
        assertThat(timeouts.of(Step.PRECOMMIT, 1_000_000, 1_000)).isEqualTo(3_000);
    }
}
