package io.cloister.consensus.core;

import static io.cloister.consensus.VoteType.PRECOMMIT;
import static io.cloister.consensus.VoteType.PREVOTE;
import static io.cloister.consensus.core.Play.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What surrounds the rules in a height: the log, restarts, evidence and bounds. */
class DriverTest {
    private final Committee committee = Committee.ofFour();
    private final Block a = committee.block(1);
    private final Block b = committee.block(2);

    /** A node that read these records back from its log. */
    private Play resumed(int slot, List<LogRecord> records) {
        List<LogRecord> read = records.stream()
                .map(record -> LogRecord.decode(record.encode()))
                .toList();
        return new Play(committee, slot).input(new Input.Resume(read));
    }

    @Test
    void everythingSignedIsInTheLogBeforeItLeaves() {
        Play play = new Play(committee, 1);
        play.value = Optional.of(a);
        play.input(new Input.Start()).prevotes(0, a, 2, 3).precommits(0, a, 2, 3);
        List<Effect> order = play.done.stream()
                .filter(it -> it instanceof Effect.Persist || it instanceof Effect.Broadcast)
                .toList();
        assertThat(order).hasSize(6);
        for (int i = 0; i < order.size(); i += 2) {
            assertThat(order.get(i)).isInstanceOf(Effect.Persist.class);
            assertThat(order.get(i + 1)).isInstanceOf(Effect.Broadcast.class);
        }
        assertThat(play.log().get(0)).isInstanceOf(LogRecord.Proposed.class);
        assertThat(play.log().get(1)).isInstanceOf(LogRecord.Voted.class);
        assertThat(play.log().get(2)).isInstanceOf(LogRecord.Locked.class);
    }

    @Test
    void aBodyIsLoggedOnce() {
        Play proposer = new Play(committee, 1);
        proposer.value = Optional.of(a);
        proposer.input(new Input.Start()).prevotes(0, a, 2, 3);
        assertThat(((LogRecord.Locked) proposer.log().getLast()).block()).isEmpty();

        Play other = Play.start(3).proposal(0, a).prevotes(0, a, 1, 2);
        assertThat(((LogRecord.Locked) other.log().getLast()).block()).contains(a);
        other.nilPrecommits(0, 1, 2, 4)
                .timeout(0, Step.PRECOMMIT)
                .proposal(1, a, committee.polka(0, a, 1, 2, 3))
                .prevotes(1, a, 1, 2);
        assertThat(((LogRecord.Locked) other.log().getLast()).block()).isEmpty();
        assertThat(((LogRecord.Locked) other.log().getLast()).polka().round()).isEqualTo(1);
    }

    @Test
    void aRestartRepeatsItsPrevoteAndNoOther() {
        Play before = Play.start(3).proposal(0, a);
        Play after = resumed(3, before.log());
        assertThat(after.driver.step()).isEqualTo(Step.PREVOTE);
        assertThat(after.votes()).containsExactly(name(PREVOTE, 0, a));
        after.proposal(0, b).timeout(0, Step.PROPOSE);
        assertThat(after.effects(Effect.SignVote.class)).isEmpty();
    }

    @Test
    void aRestartKeepsLockAndValidValue() {
        Play before = Play.start(4).proposal(0, a).prevotes(0, a, 1, 2);
        Play after = resumed(4, before.log());
        assertThat(after.driver.step()).isEqualTo(Step.PRECOMMIT);
        assertThat(after.driver.locked().orElseThrow().blockId()).isEqualTo(a.id());
        assertThat(after.driver.valid()).isEqualTo(after.driver.locked());
        after.nilPrecommits(0, 1, 2, 3).timeout(0, Step.PRECOMMIT).proposal(1, b);
        assertThat(after.votes()).endsWith("PREVOTE 1 nil");
    }

    @Test
    void aRestartedProposerProposesTheSameAgain() {
        Play before = new Play(committee, 1);
        before.value = Optional.of(a);
        before.input(new Input.Start());
        List<LogRecord> onlyProposal = before.log().subList(0, 1);
        Play after = new Play(committee, 1);
        after.value = Optional.of(b);
        after.input(new Input.Resume(onlyProposal));
        assertThat(after.proposals()).extracting(Proposal::block).containsOnly(a);
        assertThat(after.effects(Effect.Build.class)).isEmpty();
        assertThat(after.votes()).contains(name(PREVOTE, 0, a));
    }

    @Test
    void aRestartedProposerOfALaterRoundProposesItsValidValue() {
        Play before = Play.start(2).proposal(0, a).prevotes(0, a, 1, 3).precommits(0, a, 1);
        Play after = resumed(2, before.log());
        after.nilPrecommits(0, 3, 4).timeout(0, Step.PRECOMMIT);
        assertThat(after.proposals()).singleElement().satisfies(proposal -> {
            assertThat(proposal.round()).isEqualTo(1);
            assertThat(proposal.block()).isEqualTo(a);
            assertThat(proposal.validRound()).isZero();
        });
    }

    @Test
    void aValidValueWithoutALockSurvives() {
        Play before = Play.start(3)
                .proposal(0, a)
                .nilPrevotes(0, 4)
                .prevotes(0, a, 1)
                .timeout(0, Step.PREVOTE)
                .prevotes(0, a, 2);
        Play after = resumed(3, before.log());
        assertThat(after.driver.locked()).isEmpty();
        assertThat(after.driver.valid().orElseThrow().blockId()).isEqualTo(a.id());
        assertThat(after.driver.step()).isEqualTo(Step.PRECOMMIT);
    }

    @Test
    void aRestartGoesOnInTheLatestRoundThatItSpokeIn() {
        Play before = Play.start(3).timeout(0, Step.PRECOMMIT).timeout(1, Step.PROPOSE);
        Play after = resumed(3, before.log());
        assertThat(after.driver.round()).isEqualTo(1);
        assertThat(after.driver.step()).isEqualTo(Step.PREVOTE);
        assertThat(after.votes()).containsExactly("PREVOTE 1 nil");
    }

    @Test
    void aRestartDecidesFromItsLockedBodyWithoutTheProposal() {
        Play before = Play.start(3).proposal(0, a).prevotes(0, a, 1, 2);
        Play after = resumed(3, before.log()).precommits(0, a, 1, 2);
        assertThat(after.effects(Effect.Commit.class)).hasSize(1);
    }

    @Test
    void aLogThatLocksAnUnknownBodyIsRefused() {
        LogRecord.Locked locked =
                new LogRecord.Locked(committee.precommit(0, a, 3), committee.polka(0, a, 1, 2, 3), Optional.empty());
        assertThatThrownBy(() -> resumed(3, List.of(locked))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void twoDifferentVotesAreEvidenceAndTheFirstCounts() {
        Play play =
                Play.start(3).proposal(0, a).prevotes(0, b, 1).prevotes(0, a, 1).prevotes(0, a, 2);
        assertThat(play.votes()).containsExactly(name(PREVOTE, 0, a)); // two prevotes for a, not three
        assertThat(play.effects(Effect.Misbehaved.class)).singleElement().satisfies(it -> {
            Evidence.DoubleVote evidence = (Evidence.DoubleVote) it.evidence();
            assertThat(evidence.first().blockId()).contains(b.id());
            assertThat(evidence.second().blockId()).contains(a.id());
            assertThat(evidence.slot()).isEqualTo(1);
        });
        play.nilPrevotes(0, 1);
        assertThat(play.effects(Effect.Misbehaved.class)).hasSize(1);
    }

    @Test
    void anEqualVoteIsNoOffenceWhateverItsSignature() {
        Play play = Play.start(3).prevotes(0, a, 1).prevotes(0, a, 1);
        Vote again = new Vote(PREVOTE, 4, 0, Optional.of(a.id()), 1, Bytes.zeros(65));
        play.input(new Input.VoteArrived(again));
        assertThat(play.effects(Effect.Misbehaved.class)).isEmpty();
    }

    @Test
    void nilAndAValueExcludeEachOther() {
        Play play = Play.start(3).precommits(0, a, 1).nilPrecommits(0, 1);
        assertThat(play.effects(Effect.Misbehaved.class)).hasSize(1);
    }

    @Test
    void aSecondProposalWithAnotherValidRoundIsEvidence() {
        Play play = Play.start(3)
                .nilPrecommits(0, 1, 2, 4)
                .timeout(0, Step.PRECOMMIT)
                .proposal(1, a)
                .proposal(1, a, committee.polka(0, a, 1, 2, 4));
        assertThat(play.effects(Effect.Misbehaved.class)).singleElement().satisfies(it -> {
            Evidence.DoubleProposal evidence = (Evidence.DoubleProposal) it.evidence();
            assertThat(evidence.firstValidRound()).isEqualTo(-1);
            assertThat(evidence.secondValidRound()).isZero();
        });
    }

    @Test
    void farRoundsOfOneValidatorDoNotGrowMemory() {
        Play play = Play.start(3);
        for (int round = 2; round < 20_000; round++) {
            play.nilPrevotes(round, 1);
        }
        assertThat(play.driver.votes().roundsHeld()).hasSizeLessThanOrEqualTo(2);
        assertThat(play.driver.round()).isZero();
        play.nilPrevotes(19_999, 2);
        assertThat(play.driver.round()).isEqualTo(19_999);
    }

    @Test
    void bodiesOfPastRoundsAreForgottenUnlessTheyMatter() {
        Play play = Play.start(4).proposal(0, a).prevotes(0, a, 1, 2); // locks a
        for (int round = 0; round < 40; round++) {
            play.nilPrecommits(round, 1, 2, 3).timeout(round, Step.PRECOMMIT);
            if (committee.proposer(round + 1).slot() != 4) {
                play.proposal(round + 1, committee.block(100 + round));
            }
        }
        assertThat(play.driver.round()).isEqualTo(40);
        assertThat(play.driver.proposals().bodies()).hasSizeLessThanOrEqualTo(4).containsKey(a.id());
        assertThat(play.driver.votes().roundsHeld()).hasSizeLessThanOrEqualTo(VoteKeeper.WINDOW + 2);
    }

    @Test
    void aProposalFarAheadCountsForSkippingButIsNotKept() {
        Play play = Play.start(3).proposal(7, a);
        assertThat(play.driver.proposals().bodies()).isEmpty();
        assertThat(play.driver.votes().latestRound(4)).hasValue(7);
    }

    @Test
    void aThirdProposalOfARoundFindsNoRoom() {
        Play play = Play.start(3).proposal(0, a).proposal(0, b).proposal(0, committee.block(3));
        assertThat(play.driver.proposals().bodies()).containsOnlyKeys(a.id(), b.id());
        assertThat(play.driver.wants(committee.proposal(0, committee.block(4)))).isFalse();
    }

    @Test
    void whatIsKnownIsNotWorthAnotherCheck() {
        Play play = Play.start(3).proposal(0, a).prevotes(0, a, 1);
        assertThat(play.driver.wants(committee.prevote(0, a, 1))).isFalse();
        assertThat(play.driver.wants(committee.prevote(0, b, 1))).isTrue();
        assertThat(play.driver.wants(committee.prevote(0, a, 2))).isTrue();
        assertThat(play.driver.wants(committee.proposal(0, a))).isFalse();
    }

    @Test
    void ownPrecommitIsNotRepeatedAfterTheDecision() {
        Play play = Play.start(3).proposal(0, a).precommits(0, a, 1, 2, 4);
        play.prevotes(0, a, 1, 2);
        assertThat(play.votes()).doesNotContain(name(PRECOMMIT, 0, a));
    }
}
