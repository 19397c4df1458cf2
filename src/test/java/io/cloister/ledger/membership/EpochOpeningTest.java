package io.cloister.ledger.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.attestation.Evidence;
import io.cloister.attestation.TestChips;
import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.consensus.InvalidBlock;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Statement;
import io.cloister.consensus.ValidatorSet;
import io.cloister.ledger.Committed;
import io.cloister.ledger.Context;
import io.cloister.ledger.Event;
import io.cloister.ledger.Module;
import io.cloister.ledger.Transaction;
import io.cloister.ledger.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EpochOpeningTest {
    private final List<String> seen = new ArrayList<>();
    private final Boots boots = new Boots(4).start(new Witness());

    /** Says what a module sees in the block. */
    private final class Witness implements Module {
        @Override
        public int id() {
            return 9;
        }

        @Override
        public void check(Transaction transaction, View state) {}

        @Override
        public void execute(Transaction transaction, Context context) {
            seen.add("epoch " + context.epoch() + " from slot "
                    + context.sender().orElseThrow().slot());
        }
    }

    private Committed open(Opening opening, Bytes... transactions) throws InvalidBlock {
        return boots.chain.block(List.of(transactions), Optional.of(opening));
    }

    private ValidatorSet named() {
        return boots.chain.ledger().validators();
    }

    private void invalid(Opening opening) {
        ValidatorSet before = named();
        assertThatThrownBy(() -> open(opening)).isInstanceOf(InvalidBlock.class);
        assertThat(named()).isEqualTo(before);
    }

    @Test
    void theKeysOfTheStatementsVoteFromTheOpeningBlockOn() throws InvalidBlock {
        ValidatorSet before = named();
        Opening opening = boots.opening(3, 5);
        Bytes said = boots.chain.transaction(Boots.voteKey(2, 2), 9, 1, Bytes.EMPTY);
        Committed block = open(opening, said);
        ValidatorSet renewed = KeyClaim.replaced(before, opening.claims()).orElseThrow();
        assertThat(named()).isEqualTo(renewed);
        assertThat(block.block().header().nextValidatorsHash()).isEqualTo(renewed.hash());
        assertThat(seen).containsExactly("epoch 5 from slot 2");
        Member second = boots.member(2);
        assertThat(second.voteKey()).isEqualTo(Boots.voteKey(2, 2).id());
        assertThat(second.bootShareKey()).isEqualTo(Boots.SHARE_KEY);
        assertThat(second.activationHeight()).isEqualTo(2);
        assertThat(boots.member(4).bootCounter()).as("without a statement").isEqualTo(1);
        assertThat(boots.told).containsExactly("slot 1 boot 2 at 2", "slot 2 boot 2 at 2", "slot 3 boot 2 at 2");
    }

    @Test
    void recoveriesAreCountedAndToldInTheBlocksOwnReceipt() throws InvalidBlock {
        assertThat(Members.recoveries(boots.chain.ledger().state())).isZero();
        Committed block = open(boots.opening(3, 5));
        assertThat(Members.recoveries(block.state())).isEqualTo(1);
        assertThat(block.receipts().getLast().events())
                .contains(new Event(
                        "membership.epoch-opened", new Writer().u64(5).u64(1).toBytes()))
                .contains(new Event("membership.keys-changed", boots.member(1).encode()));
    }

    @Test
    void aStatementOfTheRegisteredBootChangesNothing() throws InvalidBlock {
        Member before = boots.member(4);
        KeyClaim own = Statement.claim(
                Boots.ID,
                0,
                5,
                4,
                boots.chain.voteKeys.get(3).id(),
                1,
                Bytes.EMPTY,
                Optional.empty(),
                Optional.empty());
        List<Statement> statements = new ArrayList<>(boots.opening(2, 5).statements());
        statements.add(new Statement(own, Bytes.EMPTY, Optional.empty(), Optional.empty()));
        open(Boots.opening(statements));
        assertThat(boots.member(4)).isEqualTo(before);
        assertThat(boots.told).hasSize(2);
    }

    @Test
    void pendingReKeysOfOlderBootsAreCancelledAndNewerOnesStay() throws InvalidBlock {
        boots.run(boots.transaction(3, 2));
        open(boots.opening(3, 5));
        assertThat(boots.told).hasSize(3);
        for (int slot = 1; slot <= 3; slot++) {
            boots.boot(slot, 2);
        }
        boots.run(boots.transaction(3, 4));
        open(Boots.opening(List.of(boots.statement(1, 3, 6), boots.statement(2, 3, 6), boots.statement(3, 3, 6))));
        assertThat(boots.member(3).bootCounter()).isEqualTo(4);
    }

    @Test
    void evidenceThatDoesNotHoldMakesTheBlockInvalid() {
        List<Statement> good = boots.opening(2, 5).statements();
        Evidence otherRecovery = boots.evidence(boots.keys(3, 2), RecoveryLeaf.of(Boots.ID, 3, 6));
        Evidence otherSlot = boots.evidence(boots.keys(3, 2), RecoveryLeaf.of(Boots.ID, 2, 5));
        Evidence otherBoot = boots.evidence(boots.keys(3, 3), RecoveryLeaf.of(Boots.ID, 3, 5));
        Evidence debug = boots.debug(boots.keys(3, 2), RecoveryLeaf.of(Boots.ID, 3, 5));
        Evidence reKey = boots.evidence(boots.keys(3, 2), ReKey.leaf(Boots.ID, 3, 1, boots.chain.last()));
        for (Evidence wrong : List.of(otherRecovery, otherSlot, otherBoot, debug, reKey)) {
            List<Statement> statements = new ArrayList<>(good);
            statements.add(boots.statement(3, 2, 5, wrong));
            invalid(Boots.opening(statements));
            assertThat(isEvidence(boots.statement(3, 2, 5, wrong))).isFalse();
        }
        assertThat(boots.told).isEmpty();
    }

    @Test
    void bytesThatAreNoEvidenceMakeTheBlockInvalid() {
        Bytes rubbish = Bytes.of((byte) 7);
        KeyClaim claim = Statement.claim(
                Boots.ID, 0, 5, 3, Boots.voteKey(3, 2).id(), 2, rubbish, Optional.empty(), Optional.empty());
        Statement statement = new Statement(claim, rubbish, Optional.empty(), Optional.empty());
        assertThat(isEvidence(statement)).isFalse();
        List<Statement> statements = new ArrayList<>(boots.opening(2, 5).statements());
        statements.add(statement);
        invalid(Boots.opening(statements));
    }

    @Test
    void aVoteKeyOfAnotherSlotIsNoEvidence() {
        boots.run(boots.transaction(1, 2));
        assertThat(isEvidence(claiming(Boots.voteKey(1, 2).id()))).as("pending").isFalse();
        assertThat(isEvidence(claiming(boots.chain.voteKeys.get(1).id())))
                .as("in force")
                .isFalse();
    }

    @Test
    void aKeyThatTheBlockBeforeOrderedForAnotherSlotStopsNothing() throws InvalidBlock {
        Statement third = claiming(Boots.voteKey(1, 7).id());
        assertThat(isEvidence(third)).isTrue();
        boots.run(boots.transaction(1, 7));
        open(Boots.opening(List.of(boots.statement(2, 2, 5), third, boots.statement(4, 2, 5))));
        assertThat(boots.member(3).voteKey()).isEqualTo(Boots.voteKey(1, 7).id());
        assertThat(boots.member(1).bootCounter()).isEqualTo(1);
    }

    /** Slot 3 claims this key. */
    private Statement claiming(Bytes voteKey) {
        Evidence evidence =
                boots.evidence(boots.keys(Boots.ID, 3, 2, voteKey, Boots.SHARE_KEY), RecoveryLeaf.of(Boots.ID, 3, 5));
        KeyClaim claim =
                Statement.claim(Boots.ID, 0, 5, 3, voteKey, 2, evidence.encode(), Optional.empty(), Optional.empty());
        return new Statement(claim, evidence.encode(), Optional.empty(), Optional.empty());
    }

    @Test
    void evidenceOfARecoveryIsJudgedByTheStateAtHand() {
        assertThat(isEvidence(boots.statement(3, 2, 5))).isTrue();
        Statement other = boots.statement(3, 2, 5);
        assertThat(boots.chain
                        .ledger()
                        .isEvidence(named(), boots.statement(2, 2, 5).claim(), other.evidence()))
                .isFalse();
    }

    @Test
    void aChainThatStoodStillTakesEvidenceWithYoungerCertificates() throws InvalidBlock {
        Boots late = new Boots(4, TestChips.NOT_BEFORE.minus(Duration.ofDays(30))).start();
        assertThat(late.chain.door(late.transaction(3, 2))).isEqualTo("evidence-refused");
        Statement statement = late.statement(3, 2, 5);
        assertThat(late.chain.ledger().isEvidence(late.chain.validators(), statement.claim(), statement.evidence()))
                .isTrue();
        late.chain.block(List.of(), Optional.of(late.opening(3, 5)));
        assertThat(late.member(3).bootCounter()).isEqualTo(2);
    }

    private boolean isEvidence(Statement statement) {
        return boots.chain.ledger().isEvidence(named(), statement.claim(), statement.evidence());
    }
}
