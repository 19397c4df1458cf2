package io.cloister.node.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.consensus.engine.Acceptance;
import io.cloister.ledger.Transaction;
import io.cloister.ledger.membership.Leave;
import io.cloister.ledger.membership.Members;
import io.cloister.ledger.membership.MembershipModule;
import io.cloister.node.steps.RunningNodes.Node;
import org.junit.jupiter.api.Test;

/** The set of members changes under running engines. */
class MembersTest {
    private static final String ID = RunningNodes.ID;

    private static void submit(Node at, Bytes transaction) {
        assertThat(at.engine.orElseThrow().submit(transaction)).isInstanceOf(Acceptance.Accepted.class);
    }

    private static Bytes leave(RunningNodes net, int slot) {
        Leave leave = new Leave(slot, net.keys.slotKeys.get(slot - 1).id(), 1);
        long until = net.nodes.getFirst().ledger.height() + 300;
        return Transaction.sign(
                        RunningNodes.operator(slot), ID, Members.MODULE, MembershipModule.LEAVE, until, leave.encode())
                .encode();
    }

    /** Of five the others alone are no quorum when one is off, so the chain goes on by the newcomer's votes. */
    @Test
    void whoJoinsCatchesUpAndVotesAndWhoLeavesIsHeardNoMore() throws InterruptedException {
        try (RunningNodes net = new RunningNodes(4)) {
            net.nodes.forEach(Node::start);
            net.passes(5);
            Node fifth = net.newcomer();
            fifth.start();
            net.await("the newcomer has the chain", () -> fifth.ledger.height() >= 5);
            submit(fifth, fifth.join());
            net.await("the newcomer votes", fifth::votes);
            net.nodes.get(1).stop();
            net.passes(5);
            net.nodes.get(1).start();
            net.await("the second votes again", () -> net.nodes.get(1).votes());

            submit(net.nodes.getFirst(), leave(net, 2));
            net.await(
                    "the second has left everywhere",
                    () -> net.nodes.stream()
                            .allMatch(it -> it.ledger.validators().bySlot(2).isEmpty()));
            net.passes(3);
            net.nodes.get(2).stop();
            net.passes(3);
            net.nodes.get(3).stop();
            Thread.sleep(1_500);
            long height = net.nodes.getFirst().ledger.height();
            Thread.sleep(2_500);
            assertThat(net.nodes.getFirst().ledger.height())
                    .as("two of four members decide nothing, whatever the one that left says")
                    .isEqualTo(height);
        }
    }
}
