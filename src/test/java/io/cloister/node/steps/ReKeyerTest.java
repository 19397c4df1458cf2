package io.cloister.node.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.BootKeySet;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.View;
import io.cloister.ledger.membership.Member;
import io.cloister.mpc.MembershipCommittee;
import io.cloister.mpc.board.BoardModule;
import io.cloister.mpc.board.BoardParameters;
import io.cloister.mpc.board.TestLedger;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReKeyerTest {
    private final Bytes node = SigningKey.generate().id();
    private final Bytes vote = SigningKey.generate().id();
    private final Bytes shares = SigningKey.generate().id();
    private final View state = new TestLedger(
                    new BoardModule(BoardParameters.defaults(), new MembershipCommittee()),
                    List.of(new Member(1, node, vote, shares, shares, 3, 0, "D", Bytes.zeros(32))))
            .view(0);

    private BootKeySet keys(Bytes voteKey) {
        Bytes zeros = Bytes.zeros(32);
        return new BootKeySet("chain", node, 3, zeros, voteKey, shares, zeros, vote);
    }

    @Test
    void aBootIsInForceWhenTheSlotVotesWithItsKey() {
        assertThat(ReKeyer.isInForce(state, 1, keys(vote))).isTrue();
        assertThat(ReKeyer.isInForce(state, 1, keys(shares))).isFalse();
        assertThat(ReKeyer.isInForce(state, 2, keys(vote))).isFalse();
    }
}
