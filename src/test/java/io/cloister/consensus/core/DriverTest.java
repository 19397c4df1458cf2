package io.cloister.consensus.core;

import static io.cloister.consensus.VoteType.PRECOMMIT;
import static io.cloister.consensus.VoteType.PREVOTE;
import static io.cloister.consensus.core.Play.name;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.Evidence;
import io.cloister.consensus.Vote;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What surrounds the rules in a height: the log, bodies, evidence and bounds. */
class DriverTest {
    private final Committee committee = Committee.ofFour();
    private final Block a = committee.block(1);
    private final Block b = committee.block(2);

    @Test
    void everyPrecommitIsInTheLogBeforeItLeaves() {
        Play play = new Play(committee, 1);
        play.value = Optional.of(a);
        play.input(new Input.Start()).prevotes(0, a, 2, 3).precommits(0, a, 2, 3);
        List<Effect> order = play.done.stream()
                .filter(it -> it instanceof Effect.Persist || it instanceof Effect.Broadcast)
                .toList();
        assertThat(order).hasSize(4);
        assertThat(order.get(0)).isInstanceOf(Effect.Broadcast.class); // the proposal
        assertThat(order.get(1)).isInstanceOf(Effect.Broadcast.class); // the prevote
        assertThat(order.get(2)).isInstanceOfSatisfying(Effect.Persist.class, persist -> {
            assertThat(persist.sync()).isTrue();
            assertThat(persist.record()).isInstanceOfSatisfying(LogRecord.Locked.class, locked -> {
                assertThat(locked.precommit().blockId()).contains(a.id());
                assertThat(locked.block()).contains(a);
                assertThat(Play.slots(locked.polka())).containsExactly(1, 2, 3);
            });
        });
        assertThat(order.get(3)).isInstanceOf(Effect.Broadcast.class);
    }

    @Test
    void aPrecommitForNilIsInTheLogBeforeItLeaves() {
        Play play = Play.start(3).timeout(0, Step.PROPOSE).nilPrevotes(0, 1, 2);
        assertThat(play.effects(Effect.Persist.class)).singleElement().satisfies(persist -> {
            assertThat(persist.sync()).isTrue();
            assertThat(persist.record()).isEqualTo(new LogRecord.Voted(committee.precommitNil(0, 3)));
        });
        int logged = play.done.indexOf(play.effects(Effect.Persist.class).getFirst());
        assertThat(play.done.subList(0, logged))
                .doesNotContain(new Effect.Broadcast(new Message.Votes(List.of(committee.precommitNil(0, 3)))));
        assertThat(play.done).contains(new Effect.Broadcast(new Message.Votes(List.of(committee.precommitNil(0, 3)))));
    }

    @Test
    void prevotesAndProposalsAreNotLogged() {
        Play play = new Play(committee, 1);
        play.value = Optional.of(a);
        play.input(new Input.Start());
        assertThat(play.votes()).containsExactly(name(PREVOTE, 0, a));
        assertThat(play.log()).isEmpty();
    }

    @Test
    void aValidValueIsInTheLogWithItsPolka() {
        Play play = Play.start(3)
                .proposal(0, a)
                .nilPrevotes(0, 4)
                .prevotes(0, a, 1)
                .timeout(0, Step.PREVOTE)
                .prevotes(0, a, 2);
        assertThat(play.effects(Effect.Persist.class).getLast()).satisfies(persist -> {
            assertThat(persist.sync()).isTrue();
            assertThat(persist.record()).isInstanceOfSatisfying(LogRecord.Valued.class, valued -> {
                assertThat(valued.block()).contains(a);
                assertThat(Play.slots(valued.polka())).containsExactly(1, 2, 3);
            });
        });
    }

    @Test
    void aBodyIsLoggedOnce() {
        Play play = Play.start(3).proposal(0, a).prevotes(0, a, 1, 2);
        assertThat(((LogRecord.Locked) play.log().getLast()).block()).contains(a);
        assertThat(play.driver.isLogged(a.id())).isTrue();
        play.nilPrecommits(0, 1, 2, 4)
                .timeout(0, Step.PRECOMMIT)
                .proposal(1, a, committee.polka(0, a, 1, 2, 3))
                .prevotes(1, a, 1, 2);
        assertThat(((LogRecord.Locked) play.log().getLast()).block()).isEmpty();
        assertThat(((LogRecord.Locked) play.log().getLast()).polka().round()).isEqualTo(1);
    }

    @Test
    void aProposalIsPutTogetherBeforeItIsJudged() {
        Play play = Play.start(3);
        play.assembling = false;
        play.proposal(0, a);
        assertThat(play.effects(Effect.Assemble.class)).containsExactly(new Effect.Assemble(a.outline()));
        assertThat(play.effects(Effect.Validate.class)).isEmpty();
        assertThat(play.driver.unassembled()).containsExactly(a.outline());
        play.body(a);
        assertThat(play.effects(Effect.Validate.class)).containsExactly(new Effect.Validate(a));
        assertThat(play.driver.unassembled()).isEmpty();
        assertThat(play.votes()).containsExactly(name(PREVOTE, 0, a));
    }

    @Test
    void aBodyThatNobodyNamedIsNotKept() {
        Play play = Play.start(3).body(a);
        assertThat(play.effects(Effect.Validate.class)).isEmpty();
        assertThat(play.driver.wantsBody(a.id())).isFalse();
        play.precommits(0, a, 1, 2, 4);
        assertThat(play.driver.wantsBody(a.id())).isTrue();
        play.body(a);
        assertThat(play.effects(Effect.Commit.class)).hasSize(1);
    }

    @Test
    void aForgottenLockIsEvidenceInWhicheverOrderItsVotesCome() {
        Evidence.ForgottenLock expected =
                new Evidence.ForgottenLock(committee.precommit(0, a, 1), committee.prevote(1, b, 1));
        Play prevoteLast = Play.start(3).precommits(0, a, 1).prevotes(1, b, 1);
        assertThat(prevoteLast.effects(Effect.Misbehaved.class)).containsExactly(new Effect.Misbehaved(expected));
        Play precommitLast = Play.start(3).prevotes(1, b, 1).precommits(0, a, 1);
        assertThat(precommitLast.effects(Effect.Misbehaved.class)).containsExactly(new Effect.Misbehaved(expected));
    }

    @Test
    void leavingALockForALaterPolkaIsNoOffence() {
        Play play = Play.start(3).precommits(0, a, 1);
        play.input(new Input.VoteArrived(committee.prevote(1, b, 0, 1)));
        assertThat(play.effects(Effect.Misbehaved.class)).isEmpty();
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
        Vote again = new Vote(PREVOTE, 0, 8, 0, Optional.of(a.id()), -1, 1, Optional.empty(), Bytes.zeros(65));
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
