package io.cloister.node.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.ledger.membership.Members;
import io.cloister.node.steps.RunningNodes.Node;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes restart and vote again, one by one and all at once. */
class RestartsTest {
    private final RunningNodes all = new RunningNodes(4);

    @AfterEach
    void stop() {
        all.close();
    }

    @Test
    void eachNodeThatRestartsVotesAgainWithANewKey() throws InterruptedException {
        all.nodes.forEach(Node::start);
        all.passes(2);
        for (Node node : all.nodes) {
            node.stop();
            all.passes(1);
            node.start();
            assertThat(node.votes()).isFalse();
            all.await("slot " + node.slot + " votes", node::votes);
        }
        all.nodes.getFirst().stop();
        all.passes(3);
        assertThat(Members.recoveries(all.nodes.getLast().ledger.state()))
                .as("a slow machine may recover for once, but not each time")
                .isLessThan(all.nodes.size());
    }

    @Test
    void allThatRestartAtOnceOpenAnEpochAndVoteAgain() throws InterruptedException {
        all.nodes.forEach(Node::start);
        all.passes(2);
        for (int times = 1; times <= 2; times++) {
            all.nodes.forEach(Node::stop);
            all.nodes.forEach(Node::start);
            all.await("all vote", () -> all.nodes.stream().allMatch(Node::votes));
            all.passes(3);
        }
        for (Node node : all.nodes) {
            assertThat(node.ledger.validators())
                    .isEqualTo(all.nodes.getFirst().ledger.validators());
            assertThat(Members.recoveries(node.ledger.state())).isEqualTo(2);
        }
    }
}
