package io.cloister.ledger.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.ledger.TestChain;
import io.cloister.ledger.membership.Newcomers.Newcomer;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeavingTest {
    private final Newcomers net = new Newcomers(5);
    private final TestChain chain = net.chain;

    @Test
    void whoLeavesVotesNoMoreTwoBlocksLater() {
        Bytes leave = net.leave(Newcomers.operator(3), 3);
        assertThat(chain.door(leave)).isEmpty();
        assertThat(chain.ledger().sender(leave)).contains(Newcomers.operator(3).id());
        assertThat(net.boots.run(leave).code()).isEmpty();
        assertThat(chain.ledger().validators().size()).isEqualTo(5);
        assertThat(net.pass()).containsExactly("membership.excluded");
        assertThat(chain.ledger().validators().bySlot(3)).isEmpty();
        assertThat(chain.door(chain.transaction(3, Members.MODULE, 99, Bytes.EMPTY)))
                .isEqualTo("unknown-sender");
        assertThat(Members.seats(chain.ledger().state()))
                .as("its shares count for dealing")
                .hasSize(5);
    }

    @Test
    void onlyTheOwnOperatorTakesANodeOut() {
        Bytes foreign = net.leave(Newcomers.operator(2), 3);
        assertThat(chain.door(foreign)).isEqualTo("unknown-sender");
        Bytes relayed = chain.transaction(
                1,
                Members.MODULE,
                MembershipModule.LEAVE,
                new Leave(3, chain.slotKeys.get(2).id(), 9).encode());
        assertThat(net.boots.run(relayed).code()).isEqualTo("not-the-operator");
        Leave other = new Leave(3, chain.slotKeys.get(1).id(), 9);
        Bytes another =
                chain.transaction(Newcomers.operator(3), Members.MODULE, MembershipModule.LEAVE, other.encode());
        assertThat(net.boots.run(another).code()).isEqualTo("unknown-slot");
    }

    @Test
    void fourMembersStay() {
        assertThat(net.boots.run(net.leave(Newcomers.operator(3), 3)).code()).isEmpty();
        net.pass();
        assertThat(net.boots.run(net.leave(Newcomers.operator(2), 2)).code()).isEqualTo("too-few-holders");
    }

    @Test
    void whoHasLeftComesBackByANewGrant() {
        net.boots.run(net.leave(Newcomers.operator(3), 3));
        net.pass();
        Newcomer back = new Newcomer(chain.slotKeys.get(2), Boots.voteKey(3, 3), 3);
        SeatGrant foreign =
                net.grant(Newcomers.operator(1), false, 3, back.slotKey().id());
        assertThat(chain.door(net.transaction(back, net.join(foreign, back)))).isEqualTo("unknown-sender");
        SeatGrant grant =
                net.grant(Newcomers.operator(3), false, 3, back.slotKey().id());
        assertThat(net.run(back, net.join(grant, back)).code()).isEmpty();
        net.pass();
        assertThat(net.votes(back)).isTrue();
    }

    @Test
    void aRunningGrantEndsWithTheSeat() {
        SeatGrant early =
                net.grant(Newcomers.operator(3), true, 3, TestChain.key("spare").id());
        net.boots.run(net.leave(Newcomers.operator(3), 3));
        net.pass();
        Newcomer spare = new Newcomer("spare", 9);
        assertThat(chain.door(net.transaction(spare, net.join(early, spare)))).isEqualTo("unknown-sender");
    }

    @Test
    void anOrderServesOnce() {
        Bytes leave = net.leave(Newcomers.operator(3), 3);
        assertThat(net.boots.run(leave).code()).isEmpty();
        assertThat(chain.block(List.of(leave)).receipts()).hasSize(1);
        Bytes same = chain.transaction(
                Newcomers.operator(3),
                Members.MODULE,
                MembershipModule.LEAVE,
                new Leave(3, chain.slotKeys.get(2).id(), 1).encode());
        assertThat(chain.door(same)).isEqualTo("unknown-sender");
    }
}
