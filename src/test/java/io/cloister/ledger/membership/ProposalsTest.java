package io.cloister.ledger.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.ledger.TestChain;
import io.cloister.ledger.membership.Newcomers.Newcomer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A change waits for a committee that can sign. */
class ProposalsTest {
    private static final int PATIENCE = 5;
    private static final MembershipRules RULES = new MembershipRules(List.of(), false, 0, PATIENCE);
    private static final Newcomer FIFTH = new Newcomer("the fifth", 1);

    /** What the port is asked is the state of the block that asks. */
    private static CommitteeReadiness from(long height) {
        return (state, proposed) -> state instanceof io.cloister.ledger.Context block && block.height() >= height;
    }

    private static Newcomers net(CommitteeReadiness readiness) {
        return new Newcomers(4, RULES, readiness);
    }

    @Test
    void aChangeIsInForceTwoBlocksAfterTheCommitteeCanSign() {
        Newcomers net = net(from(4));
        assertThat(net.run(FIFTH, net.admission(5, FIFTH)).code()).isEmpty();
        assertThat(Members.proposed(net.chain.ledger().state()).orElseThrow().slot())
                .isEqualTo(5);
        assertThat(net.pass()).isEmpty();
        assertThat(net.pass()).containsExactly("membership.change-ordered");
        assertThat(net.votes(FIFTH)).isFalse();
        assertThat(net.pass()).containsExactly("membership.joined");
        assertThat(net.chain.ledger().height()).isEqualTo(5);
        assertThat(net.boots.member(5).activationHeight()).isEqualTo(6);
        assertThat(Members.proposed(net.chain.ledger().state())).isEmpty();
    }

    @Test
    void aCommitteeThatNeverCanSignCancelsTheChange() {
        Newcomers net = net((state, proposed) -> false);
        net.run(FIFTH, net.admission(5, FIFTH));
        for (int i = 1; i < PATIENCE; i++) {
            assertThat(net.pass()).isEmpty();
        }
        assertThat(net.pass()).containsExactly("membership.change-cancelled");
        assertThat(net.chain.ledger().height()).isEqualTo(2 + PATIENCE);
        net.pass();
        net.pass();
        assertThat(net.votes(FIFTH)).isFalse();
        assertThat(net.run(FIFTH, net.admission(5, FIFTH)).code())
                .as("a new grant serves")
                .isEmpty();
    }

    @Test
    void aPortThatFailsHoldsUpNothingElse() {
        Newcomers net = net((state, proposed) -> {
            throw new IllegalStateException("a defect");
        });
        net.boots.run(net.boots.transaction(1, 2));
        net.run(FIFTH, net.admission(5, FIFTH));
        assertThat(net.boots.told).containsExactly("slot 1 boot 2 at 3");
        for (int i = 1; i < PATIENCE; i++) {
            net.pass();
        }
        assertThat(net.pass()).containsExactly("membership.change-cancelled");
    }

    @Test
    void oneChangeOfTheMembersIsUnderWayAtATime() {
        Newcomers net = net(from(1_000));
        net.run(FIFTH, net.admission(5, FIFTH));
        Newcomer third = new Newcomer("the new third", 2);
        assertThat(net.run(third, net.replacement(3, third)).code()).isEqualTo("change-under-way");
        assertThat(net.boots.run(net.boots.transaction(1, 2)).code())
                .as("a re-key waits for nobody")
                .isEmpty();
    }

    @Test
    void aReplacementIsCancelledWhenTheOldNodeHasBootedPastIt() {
        Newcomers net = net(from(1_000));
        Newcomer third = new Newcomer("the new third", 2);
        assertThat(net.run(third, net.replacement(3, third)).code()).isEmpty();
        assertThat(net.boots.run(net.boots.transaction(3, 2)).code()).isEmpty();
        assertThat(net.pass()).containsExactly("membership.keys-changed", "membership.change-cancelled");
    }

    @Test
    void theRulesOfAFoundingFitItsMembers() {
        TestChain keys = new TestChain("rules-test", 0);
        List<io.cloister.codec.Bytes> one = List.of(keys.slotKeys.getFirst().id());
        assertThat(RULES.fault(4)).isEmpty();
        assertThat(RULES.with(one, false).fault(4)).isPresent();
        var same = java.util.Collections.nCopies(4, one.getFirst());
        assertThat(RULES.with(same, false).fault(4)).isEmpty();
        assertThat(RULES.with(same, true).fault(4)).isPresent();
        MembershipRules read = MembershipRules.decode(RULES.encode());
        assertThat(read).isEqualTo(RULES);
    }
}
