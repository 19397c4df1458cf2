package io.cloister.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Policy;
import io.cloister.codec.Bytes;
import io.cloister.consensus.TransactionRefused;
import io.cloister.ledger.local.LocalLedger;
import io.cloister.ledger.membership.Members;
import io.cloister.ledger.membership.MembershipModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocalLedgerTest {
    private static final String ID = "local-ledger-test";

    private final TestChain chain = new TestChain(ID, 1_000);
    private final List<Bytes> pool = new ArrayList<>();
    private LocalLedger local;

    @BeforeEach
    void start() {
        Policy policy = Policy.devnet(List.of(), List.of());
        Module membership = new MembershipModule(chain.founders(), policy, new EvidenceVerifier(), List.of());
        chain.start(List.of(membership, new CounterModule()), Map.of());
        local = new LocalLedger(ID, chain.ledger(), chain.voteKeys.get(2), transaction -> {
            chain.ledger().check(transaction);
            pool.add(transaction);
        });
        chain.ledger().addListener(local);
    }

    private static String codeOf(CompletableFuture<Receipt> failed) {
        try {
            throw new AssertionError(failed.get(20, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(Refusal.class);
            return ((Refusal) e.getCause()).code();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theReceiptOfTheBlockEndsTheWaiting() throws Exception {
        CompletableFuture<Receipt> good = local.submit(CounterModule.ID, 1, CounterModule.number(5));
        CompletableFuture<Receipt> bad = local.submit(CounterModule.ID, 1, CounterModule.number(0));
        assertThat(good).isNotDone();
        chain.block(pool);
        assertThat(good.get(20, TimeUnit.SECONDS).succeeded()).isTrue();
        assertThat(good.get().height()).isEqualTo(1);
        assertThat(bad.get(20, TimeUnit.SECONDS).code()).isEqualTo("zero");
        assertThat(CounterModule.read(local.state().module(CounterModule.ID), CounterModule.TOTAL))
                .isEqualTo(5);
        assertThat(local.height()).isEqualTo(1);
        assertThat(Transaction.decode(pool.getFirst()).sender())
                .isEqualTo(chain.voteKeys.get(2).id());
    }

    @Test
    void theSameTwiceIsOneTransactionWithOneReceipt() throws Exception {
        CompletableFuture<Receipt> first = local.submit(CounterModule.ID, 1, CounterModule.number(5));
        CompletableFuture<Receipt> second = local.submit(CounterModule.ID, 1, CounterModule.number(5));
        assertThat(pool).hasSize(1);
        chain.block(pool);
        assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(second.get(20, TimeUnit.SECONDS));
    }

    @Test
    void aRefusalAtTheDoorEndsTheWaitingOfEverybodyWhoAsked() {
        assertThat(codeOf(local.submit(CounterModule.ID, 1, Bytes.EMPTY))).isEqualTo("malformed");
        assertThat(codeOf(local.submit(77, 1, Bytes.EMPTY))).isEqualTo("unknown-module");
        List<CompletableFuture<Receipt>> inner = new ArrayList<>();
        LocalLedger[] self = new LocalLedger[1];
        self[0] = new LocalLedger(ID, chain.ledger(), chain.voteKeys.get(2), transaction -> {
            inner.add(self[0].submit(CounterModule.ID, 1, CounterModule.number(5)));
            throw new TransactionRefused("pool-full", "no room");
        });
        assertThat(codeOf(self[0].submit(CounterModule.ID, 1, CounterModule.number(5))))
                .isEqualTo("pool-full");
        assertThat(inner).hasSize(1);
        assertThat(codeOf(inner.getFirst())).isEqualTo("pool-full");
    }

    @Test
    void aFailureOfThePoolIsNotWaitedFor() {
        LocalLedger broken = new LocalLedger(ID, chain.ledger(), chain.voteKeys.get(2), transaction -> {
            throw new IllegalStateException("stopped");
        });
        assertThatThrownBy(() -> broken.submit(CounterModule.ID, 1, CounterModule.number(5))
                        .join())
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void aBootWhoseVoteKeyIsNoValidatorsSaysNothingButItsReKey() {
        LocalLedger restarted = new LocalLedger(ID, chain.ledger(), TestChain.key("a new boot"), pool::add);
        assertThat(codeOf(restarted.submit(CounterModule.ID, 1, CounterModule.number(5))))
                .isEqualTo("vote-key-not-in-force");
        assertThat(codeOf(restarted.submit(Members.MODULE, MembershipModule.REPORT_EVIDENCE, Bytes.EMPTY)))
                .isEqualTo("vote-key-not-in-force");
        assertThat(pool).isEmpty();
        assertThat(restarted.submit(Members.MODULE, MembershipModule.RE_KEY, Bytes.EMPTY))
                .isNotDone();
        assertThat(pool).hasSize(1);
    }

    @Test
    void whatIsNeverOrderedExpires() {
        CompletableFuture<Receipt> lost = local.submit(CounterModule.ID, 1, CounterModule.number(5));
        for (int height = 1; height <= 299; height++) {
            chain.block(List.of());
        }
        assertThat(lost).isNotDone();
        chain.block(List.of());
        assertThat(codeOf(lost)).isEqualTo("expired");
    }
}
