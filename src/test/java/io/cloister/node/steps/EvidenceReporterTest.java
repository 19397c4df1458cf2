package io.cloister.node.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Policy;
import io.cloister.codec.Bytes;
import io.cloister.consensus.Evidence;
import io.cloister.consensus.Vote;
import io.cloister.consensus.VoteType;
import io.cloister.ledger.LedgerClient;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.TestChain;
import io.cloister.ledger.View;
import io.cloister.ledger.membership.Members;
import io.cloister.ledger.membership.MembershipModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EvidenceReporterTest {
    private final TestChain chain = new TestChain("evidence-reporter-test", 1_000);
    private final List<Evidence> found = new ArrayList<>();
    private final List<CompletableFuture<Receipt>> asked = new ArrayList<>();
    private final EvidenceReporter reporter = new EvidenceReporter(() -> List.copyOf(found), new Client());

    private final class Client implements LedgerClient {
        @Override
        public CompletableFuture<Receipt> submit(int module, int kind, Bytes body) {
            assertThat(module).isEqualTo(Members.MODULE);
            assertThat(kind).isEqualTo(MembershipModule.REPORT_EVIDENCE);
            asked.add(new CompletableFuture<>());
            return asked.getLast();
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

    @BeforeEach
    void start() {
        Policy policy = Policy.devnet(List.of(), List.of());
        chain.start(
                List.of(new MembershipModule(chain.founders(), policy, new EvidenceVerifier(), List.of())), Map.of());
        chain.ledger().addListener(reporter);
    }

    private static Evidence evidence(int round) {
        Vote vote =
                new Vote(VoteType.PRECOMMIT, 0, 1, round, Optional.empty(), -1, 3, Optional.empty(), Bytes.zeros(65));
        return new Evidence.DoubleVote(vote, vote);
    }

    private void blocks(int count) {
        for (int i = 0; i < count; i++) {
            chain.block(List.of());
        }
    }

    @Test
    void eachOffenceIsReportedOnce() {
        found.add(evidence(0));
        blocks(2);
        asked.getFirst().complete(new Receipt(1, 0, Bytes.zeros(32), 1, 2, "", List.of()));
        blocks(30);
        assertThat(asked).hasSize(1);
    }

    @Test
    void aFewAtATime() {
        for (int round = 0; round < 10; round++) {
            found.add(evidence(round));
        }
        blocks(3);
        assertThat(asked).hasSize(4);
        asked.getFirst().completeExceptionally(new Refusal("already-convicted", "slot 3"));
        blocks(1);
        assertThat(asked).hasSize(5);
    }

    @Test
    void whatMayBeTakenLaterIsReportedAgain() {
        found.add(evidence(0));
        blocks(1);
        asked.getFirst().complete(new Receipt(1, 0, Bytes.zeros(32), 1, 2, "too-many-changes", List.of()));
        blocks(9);
        assertThat(asked).hasSize(1);
        blocks(1);
        assertThat(asked).hasSize(2);
    }
}
