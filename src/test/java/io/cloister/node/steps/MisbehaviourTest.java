package io.cloister.node.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.channel.PeerNetwork;
import io.cloister.channel.Topic;
import io.cloister.codec.Bytes;
import io.cloister.consensus.Evidence;
import io.cloister.consensus.SignBytes;
import io.cloister.consensus.Vote;
import io.cloister.consensus.VoteType;
import io.cloister.consensus.core.Message;
import io.cloister.consensus.core.MessageCodec;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.SigningKey;
import io.cloister.node.steps.RunningNodes.Node;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one node learns of another's contradiction ends on the ledger. */
class MisbehaviourTest {
    private static final int SLOT = 5;

    private final RunningNodes all = new RunningNodes(5);

    @AfterEach
    void stop() {
        all.close();
    }

    private Vote vote(long height, String value) {
        SigningKey key = all.keys.voteKeys.get(SLOT - 1);
        Optional<Bytes> id = Optional.of(Hashes.sha256(Bytes.utf8(value)));
        Bytes digest = SignBytes.vote(RunningNodes.ID, 0, height, 0, VoteType.PRECOMMIT, id);
        return new Vote(
                VoteType.PRECOMMIT,
                0,
                height,
                0,
                id,
                -1,
                SLOT,
                Optional.empty(),
                key.sign(digest).recoverable());
    }

    private boolean isOut(Node node) {
        return node.ledger.validators().bySlot(SLOT).isEmpty();
    }

    @Test
    void whoIsCaughtLosesTheSeatEverywhereAndTheChainGoesOn() throws InterruptedException {
        PeerNetwork liar = all.network.join(all.keys.slotKeys.get(SLOT - 1).id());
        List<Node> others = all.nodes.subList(0, SLOT - 1);
        others.forEach(Node::start);
        all.await("the liar is caught", () -> {
            long height = others.getFirst().ledger.height() + 1;
            Evidence twoVotes = new Evidence.DoubleVote(vote(height, "one"), vote(height, "another"));
            liar.broadcast(Topic.SYNC, MessageCodec.encode(new Message.Misbehaviour(List.of(twoVotes))));
            return others.stream().allMatch(this::isOut);
        });
        all.passes(3);
        assertThat(others).allMatch(this::isOut);
    }
}
