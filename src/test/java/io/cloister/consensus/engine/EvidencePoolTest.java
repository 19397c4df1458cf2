package io.cloister.consensus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.consensus.Evidence;
import io.cloister.consensus.SignBytes;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.Vote;
import io.cloister.consensus.VoteType;
import io.cloister.consensus.core.Effect;
import io.cloister.consensus.core.HeightContext;
import io.cloister.consensus.core.Message;
import io.cloister.consensus.core.Parent;
import io.cloister.crypto.Hashes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EvidencePoolTest {
    private static final String CHAIN = "evidence";

    private final ValidatorSet set = TestKeys.validators(List.of(1L, 1L, 1L, 1L));
    private final TestChain chain = new TestChain(TestApplication.genesis(CHAIN, set));
    private final EvidencePool pool = new EvidencePool(CHAIN, TestKeys.CHECK);
    private Parent parent = chain.parent();

    @BeforeEach
    void twoBlocks() {
        chain.next("one");
        chain.next("two");
        parent = chain.parent();
    }

    private HeightContext context() {
        return new HeightContext(CHAIN, 0, parent, set, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private Vote vote(long epoch, long height, int round, int slot, int number) {
        Bytes id = Hashes.sha256(new Writer().u32(number).toBytes());
        Bytes digest = SignBytes.vote(CHAIN, epoch, height, round, VoteType.PRECOMMIT, Optional.of(id));
        return new Vote(
                VoteType.PRECOMMIT,
                epoch,
                height,
                round,
                Optional.of(id),
                -1,
                slot,
                Optional.empty(),
                TestKeys.sign(TestKeys.voteKey(slot - 1), digest));
    }

    private Evidence evidence(long height, int round, int slot) {
        return new Evidence.DoubleVote(vote(0, height, round, slot, 1), vote(0, height, round, slot, 2));
    }

    private boolean add(Evidence shown) {
        return pool.add(shown, context(), parent);
    }

    private static List<Evidence> told(List<Effect> effects) {
        return effects.stream()
                .flatMap(it -> it instanceof Effect.Broadcast(Message.Misbehaviour(List<Evidence> all))
                        ? all.stream()
                        : Stream.empty())
                .toList();
    }

    @Test
    void judgesTheHeightInProgressAndTheOneBefore() {
        assertThat(pool.isJudged(evidence(3, 0, 1), context(), parent)).isTrue();
        assertThat(pool.isJudged(evidence(2, 0, 1), context(), parent)).isTrue();
        assertThat(pool.isJudged(evidence(1, 0, 1), context(), parent)).isFalse();
        assertThat(pool.isJudged(evidence(4, 0, 1), context(), parent)).isFalse();
        Evidence otherEpoch = new Evidence.DoubleVote(vote(1, 3, 0, 1, 1), vote(1, 3, 0, 1, 2));
        assertThat(pool.isJudged(otherEpoch, context(), parent)).isFalse();
        assertThat(add(evidence(3, 0, 1))).isTrue();
        assertThat(add(evidence(2, 0, 1))).isTrue();
        assertThat(add(evidence(1, 0, 1))).isFalse();
    }

    @Test
    void keepsNothingThatConvictsNobody() {
        Vote one = vote(0, 3, 0, 1, 1);
        assertThat(add(new Evidence.DoubleVote(one, one))).isFalse();
        assertThat(pool.all()).isEmpty();
        assertThat(pool.tick()).isEmpty();
    }

    @Test
    void anOffenceCountsOnceWhicheverVotesShowIt() {
        Evidence first = evidence(3, 0, 1);
        Evidence again = new Evidence.DoubleVote(vote(0, 3, 0, 1, 3), vote(0, 3, 0, 1, 4));
        assertThat(add(first)).isTrue();
        assertThat(add(again)).isTrue();
        assertThat(pool.all()).containsExactly(first);
    }

    @Test
    void oneSlotFillsOnlyItsOwnPart() {
        for (int round = 0; round < 40; round++) {
            add(evidence(3, round, 1));
        }
        assertThat(pool.all()).hasSize(16);
        add(evidence(3, 0, 2));
        assertThat(pool.all()).hasSize(17);
    }

    @Test
    void newsIsToldAFewTimesAndInParts() {
        for (int round = 0; round < 10; round++) {
            add(evidence(3, round, 1));
            add(evidence(3, round, 2));
        }
        int all = 0;
        for (int i = 0; i < 20; i++) {
            List<Evidence> now = told(pool.tick());
            assertThat(now).hasSizeLessThanOrEqualTo(16);
            all += now.size();
        }
        assertThat(all).isEqualTo(60);
        assertThat(pool.tick()).isEmpty();
        assertThat(pool.all()).hasSize(20);
    }
}
