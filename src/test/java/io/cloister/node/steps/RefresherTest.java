package io.cloister.node.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.codec.Bytes;
import io.cloister.ledger.LedgerClient;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.TestChain;
import io.cloister.ledger.View;
import io.cloister.ledger.membership.AtOnce;
import io.cloister.ledger.membership.Members;
import io.cloister.ledger.membership.MembershipModule;
import io.cloister.ledger.membership.MembershipRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RefresherTest {
    private static final int SLOT = 3;
    private static final long AGE = MembershipRules.LEAST_AGE_MILLIS;

    private final TestChain chain = new TestChain("refresher-test", TestChips.AT.toEpochMilli());
    private final SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
    private final List<Bytes> submitted = new ArrayList<>();
    private final List<CompletableFuture<Receipt>> answers = new ArrayList<>();

    private final class Client implements LedgerClient {
        @Override
        public CompletableFuture<Receipt> submit(int module, int kind, Bytes body) {
            submitted.add(chain.transaction(SLOT, module, kind, body));
            answers.add(new CompletableFuture<>());
            return answers.getLast();
        }

        @Override
        public View state() {
            return chain.ledger().state();
        }

        @Override
        public long height() {
            return chain.ledger().height();
        }
    }

    private void start(MembershipRules rules) {
        chain.start(
                List.of(new MembershipModule(
                        chain.founders(),
                        rules,
                        TestChips.policy(ProductLine.GENOA),
                        new EvidenceVerifier(),
                        new AtOnce(),
                        List.of())),
                Map.of());
        var member = chain.founders().get(SLOT - 1);
        Bytes zeros = Bytes.zeros(32);
        BootKeySet keys = new BootKeySet(
                "refresher-test",
                member.nodeId(),
                1,
                zeros,
                member.voteKey(),
                member.bootShareKey(),
                zeros,
                Bytes.zeros(33));
        chain.ledger()
                .addListener(new Refresher(
                        SLOT,
                        keys,
                        leaf -> CompletableFuture.completedFuture(
                                TestChips.evidence(chip, TestChips.report(chip, 3), keys, leaf)),
                        new Client()));
    }

    @Test
    void evidenceIsRenewedAtHalfItsAgeAndNotAgain() {
        start(new MembershipRules(List.of(), false, AGE, 10));
        chain.block(List.of());
        assertThat(submitted).isEmpty();
        chain.millis += AGE / 2;
        chain.block(List.of());
        assertThat(submitted).hasSize(1);
        Receipt receipt = chain.block(submitted).receipts().getFirst();
        assertThat(receipt.code()).isEmpty();
        answers.getFirst().complete(receipt);
        assertThat(Members.isRefreshDue(chain.ledger().state(), SLOT)).isFalse();
        chain.block(List.of());
        assertThat(submitted).hasSize(1);
    }

    @Test
    void whatWasNotTakenIsTriedAgainLater() {
        start(new MembershipRules(List.of(), false, AGE, 10));
        chain.millis += AGE / 2;
        chain.block(List.of());
        answers.getFirst().completeExceptionally(new IllegalStateException("the pool is full"));
        for (int i = 0; i < 30; i++) {
            assertThat(submitted).hasSize(1);
            chain.block(List.of());
        }
        assertThat(submitted).hasSize(2);
    }

    @Test
    void evidenceThatDoesNotAgeIsLeftAlone() {
        start(MembershipRules.FIXED);
        chain.millis += 100 * AGE;
        chain.block(List.of());
        assertThat(submitted).isEmpty();
    }
}
