package io.cloister.node.heads;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.crypto.SigningKey;
import io.cloister.node.heads.Freshness.Verdict;
import io.cloister.node.heads.HeadMessage.Answer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What member 0 concludes in its boot 5. */
class FreshnessTest {
    private static final Bytes NONCE = TestHeads.filled(32, 7);
    private static final long BOOT = 5;

    private final TestHeads all = new TestHeads(4);

    private Freshness asking(TestHeads committee, Position found) {
        return new Freshness(TestHeads.CHAIN, committee.id(0), BOOT, found, NONCE, committee.othersOf(0));
    }

    private Answer answer(TestHeads committee, int keeper, Optional<SignedHead> head) {
        return Answer.sign(committee.keys.get(keeper), TestHeads.CHAIN, committee.id(0), NONCE, head);
    }

    private boolean answered(Freshness asked, int keeper, SignedHead head) {
        return asked.answered(all.id(keeper), answer(all, keeper, Optional.of(head)));
    }

    private boolean answered(Freshness asked, int keeper) {
        return asked.answered(all.id(keeper), answer(all, keeper, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 7, 31})
    void aQuorumThatKnowsNothingHigherMakesADiskFreshAndOneLessDoesNot(int members) {
        TestHeads committee = new TestHeads(members);
        Freshness asked = asking(committee, TestHeads.at(100));
        int quorum = HeadQuorum.of(members - 1);
        for (int i = 1; i <= quorum; i++) {
            assertThat(asked.verdict()).isEqualTo(new Verdict.Open(i - 1, quorum));
            SignedHead head = committee.head(0, 4, 90 + i % 10);
            assertThat(asked.answered(committee.id(i), answer(committee, i, Optional.of(head))))
                    .isTrue();
        }
        assertThat(asked.verdict()).isEqualTo(new Verdict.Fresh(quorum));
        assertThat(asked.silent()).hasSize(members - 1 - quorum);
    }

    @Test
    void inTheFirstBootNobodyKnowsAHead() {
        Freshness asked = asking(all, TestHeads.at(1));
        answered(asked, 1);
        answered(asked, 2);
        assertThat(asked.verdict()).isEqualTo(new Verdict.Fresh(2));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 7, 31})
    void anOldDiskIsNoticedWhenOneHonestMemberOfTheQuorumHasTheHead(int members) {
        TestHeads committee = new TestHeads(members);
        Freshness asked = asking(committee, TestHeads.at(100));
        SignedHead known = committee.head(0, 4, 101);
        int quorum = HeadQuorum.of(members - 1);
        for (int i = 1; i < quorum; i++) {
            asked.answered(committee.id(i), answer(committee, i, Optional.empty()));
        }
        asked.answered(committee.id(quorum), answer(committee, quorum, Optional.of(known)));
        assertThat(asked.verdict()).isEqualTo(new Verdict.Behind(known));
    }

    @Test
    void anotherRootHeightBlockOrJournalIsAnotherDisk() {
        Position found = TestHeads.at(100);
        Bytes root = TestHeads.filled(36, 1);
        Bytes block = TestHeads.filled(32, 1);
        for (Position known : new Position[] {
            new Position(100, root, 10, found.blockId(), 0, 300),
            new Position(99, root, 11, block, 0, 300),
            new Position(99, root, 10, block, 0, 300),
            new Position(99, root, 10, found.blockId(), 0, 301),
            TestHeads.at(101)
        }) {
            Freshness asked = asking(all, found);
            answered(asked, 1);
            answered(asked, 2, all.head(0, 4, known));
            assertThat(asked.verdict()).as(known.toString()).isInstanceOf(Verdict.Behind.class);
        }
        Freshness asked = asking(all, found);
        answered(asked, 1, all.head(0, 4, found));
        answered(asked, 2, all.head(0, 4, 99));
        assertThat(asked.verdict()).isEqualTo(new Verdict.Fresh(2));
    }

    @Test
    void aHeadOfThisBootOrANewerOneCanOnlyBeOfAnotherInstance() {
        for (long boot = BOOT; boot <= BOOT + 1; boot++) {
            Freshness asked = asking(all, TestHeads.at(100));
            SignedHead known = all.head(0, boot, 50);
            answered(asked, 1, known);
            answered(asked, 2);
            assertThat(asked.verdict()).isEqualTo(new Verdict.Outrun(known));
        }
    }

    @Test
    void afterABootThatBeganAgainOlderHeadsCountNoMore() {
        Freshness asked = asking(all, TestHeads.at(120));
        answered(asked, 1, all.head(0, 3, 500));
        answered(asked, 2, all.head(0, 4, 115));
        assertThat(asked.verdict()).isEqualTo(new Verdict.Fresh(2));
    }

    @Test
    void aReplayedAnswerCountsForNothing() {
        Freshness asked = asking(all, TestHeads.at(100));
        Answer old =
                Answer.sign(all.keys.get(1), TestHeads.CHAIN, all.id(0), TestHeads.filled(32, 8), Optional.empty());
        assertThat(asked.answered(all.id(1), old)).isFalse();
        Answer turned = new Answer(NONCE, old.head(), old.signature());
        assertThat(asked.answered(all.id(1), turned)).isFalse();
        assertThat(asked.verdict()).isEqualTo(new Verdict.Open(0, 2));
    }

    @Test
    void oneLiarNeitherForgesAHeadNorAnswersForOthersNorStandsInTheWay() {
        Freshness asked = asking(all, TestHeads.at(100));
        SignedHead genuine = all.head(0, 4, 90);
        SignedHead forged =
                new SignedHead(TestHeads.CHAIN, all.id(0), Long.MAX_VALUE, TestHeads.at(500), genuine.signature());
        assertThat(answered(asked, 1, forged)).isFalse();
        assertThat(answered(asked, 1, all.head(1, 9, 500)))
                .as("a head of its own")
                .isFalse();
        assertThat(asked.answered(all.id(2), answer(all, 1, Optional.empty()))).isFalse();
        Answer toAnother = Answer.sign(all.keys.get(1), TestHeads.CHAIN, all.id(3), NONCE, Optional.empty());
        assertThat(asked.answered(all.id(1), toAnother)).isFalse();
        SigningKey stranger = SigningKey.generate();
        Answer foreign = Answer.sign(stranger, TestHeads.CHAIN, all.id(0), NONCE, Optional.empty());
        assertThat(asked.answered(stranger.id(), foreign)).isFalse();
        Answer swapped = new Answer(
                NONCE, Optional.of(genuine), answer(all, 1, Optional.empty()).signature());
        assertThat(asked.answered(all.id(1), swapped)).isFalse();

        answered(asked, 2, genuine);
        answered(asked, 3, genuine);
        assertThat(asked.verdict()).isEqualTo(new Verdict.Fresh(2));
    }

    @Test
    void anAnswerIsTakenOnceFromEach() {
        Freshness asked = asking(all, TestHeads.at(100));
        assertThat(answered(asked, 1)).isTrue();
        assertThat(answered(asked, 1, all.head(0, 4, 500))).isFalse();
        assertThat(asked.verdict()).isEqualTo(new Verdict.Open(1, 2));
    }
}
