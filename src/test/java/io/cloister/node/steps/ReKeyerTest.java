package io.cloister.node.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Policy;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.LedgerClient;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.TestChain;
import io.cloister.ledger.View;
import io.cloister.ledger.membership.Member;
import io.cloister.ledger.membership.MembershipModule;
import io.cloister.mpc.MembershipCommittee;
import io.cloister.mpc.board.BoardModule;
import io.cloister.mpc.board.BoardParameters;
import io.cloister.mpc.board.TestLedger;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

    @Test
    void aBootThatTheLedgerHasLeftBehindSaysSoAndRaisesItsCounter() throws InterruptedException {
        TestChain chain = new TestChain("re-keyer-test", 1_000);
        Policy policy = Policy.devnet(List.of(), List.of());
        chain.start(
                List.of(new MembershipModule(chain.founders(), policy, new EvidenceVerifier(), List.of())), Map.of());
        BlockingQueue<Long> raised = new LinkedBlockingQueue<>();
        AtomicInteger attested = new AtomicInteger();
        Bytes zeros = Bytes.zeros(32);
        BootKeySet old =
                new BootKeySet("re-keyer-test", chain.slotKeys.get(2).id(), 1, zeros, vote, shares, zeros, vote);
        ReKeyer reKeyer = new ReKeyer(
                3,
                chain.slotKeys.get(2),
                old,
                leaf -> {
                    attested.incrementAndGet();
                    return new CompletableFuture<>();
                },
                new Nobody(),
                raised::add);
        chain.ledger().addListener(reKeyer);
        assertThat(reKeyer.fenced()).isEmpty();
        chain.block(List.of());
        chain.block(List.of());
        assertThat(reKeyer.fenced().orElseThrow()).contains("the ledger knows boot 1 of slot 3");
        assertThat(raised.poll(20, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(raised).isEmpty();
        assertThat(attested).hasValue(0);
    }

    private static final class Nobody implements LedgerClient {
        @Override
        public CompletableFuture<Receipt> submit(int module, int kind, Bytes body) {
            throw new AssertionError("nothing is to be submitted");
        }

        @Override
        public View state() {
            throw new AssertionError("nothing is to be read");
        }

        @Override
        public long height() {
            return 0;
        }
    }
}
