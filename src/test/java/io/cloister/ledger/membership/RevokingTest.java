package io.cloister.ledger.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.Evidence;
import io.cloister.attestation.Policy;
import io.cloister.attestation.SnpEvidence;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.platform.TestAuthority;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.codec.Bytes;
import io.cloister.ledger.Context;
import io.cloister.ledger.Module;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.Transaction;
import io.cloister.ledger.View;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Evidence that counts no more costs the seat, whoever shows it. */
class RevokingTest {
    private static final int SLOT = 3;
    private static final int OTHER_POLICY = 9;
    private static final Instant FROM = TestChips.AT.minus(Duration.ofDays(1));
    private static final Instant UNTIL = TestChips.AT.plus(Duration.ofDays(30));

    private final Boots boots = new Boots(5).start(new PolicyChange());
    private final TestAuthority authority = TestChips.authority(ProductLine.GENOA);

    /** Lets a test put another policy in the place of the first. */
    private static final class PolicyChange implements Module {
        @Override
        public int id() {
            return OTHER_POLICY;
        }

        @Override
        public void check(Transaction transaction, View state) {}

        @Override
        public void execute(Transaction transaction, Context context) {
            Policy none = Policy.devnet(
                    List.of(Bytes.zeros(48)),
                    List.of(TestChips.authority(ProductLine.GENOA).rootDigest()));
            context.as(Members.MODULE).put(MembershipModule.POLICY, Bytes.utf8(none.toJson()));
        }
    }

    /** The slot's second boot is in force; its evidence is known. */
    private Evidence registered() {
        ReKey reKey = boots.reKey(SLOT, 2);
        assertThat(boots.run(boots.transaction(Boots.voteKey(SLOT, 2), reKey)).code())
                .isEmpty();
        boots.pass();
        boots.told.clear();
        return reKey.evidence();
    }

    private Bytes transaction(Revoke revoke) {
        return boots.chain.transaction(1, Members.MODULE, MembershipModule.REVOKE, revoke.encode());
    }

    private Receipt run(Evidence evidence, Optional<Bytes> list) {
        return boots.run(transaction(new Revoke(SLOT, evidence.encode(), list)));
    }

    private Bytes list(TestAuthority by, Evidence evidence, String... names) {
        return by.revocationList(
                FROM,
                UNTIL,
                List.of(names).stream()
                        .map(it -> evidence.hardware().certificates().get(it))
                        .toList());
    }

    @Test
    void aListOfTheRootThatNamesTheIssuerTakesTheSeat() {
        Evidence evidence = registered();
        Bytes transaction = transaction(
                new Revoke(SLOT, evidence.encode(), Optional.of(list(authority, evidence, "intermediate"))));
        assertThat(boots.chain.door(transaction)).isEmpty();
        Receipt receipt = boots.run(transaction);
        assertThat(receipt.code()).isEmpty();
        assertThat(Newcomers.events(receipt)).containsExactly("membership.revocation-ordered");
        assertThat(Newcomers.events(boots.pass().receipts().getLast())).containsExactly("membership.excluded");
        assertThat(boots.chain.ledger().validators().bySlot(SLOT)).isEmpty();
        assertThat(boots.told).containsExactly("slot 3 boot 3 at 5");
        assertThat(Members.seats(boots.chain.ledger().state()))
                .as("it stays a dealer")
                .hasSize(5);
    }

    @Test
    void aListThatNamesNobodyOrIsForgedTakesNothing() {
        Evidence evidence = registered();
        assertThat(run(evidence, Optional.of(list(authority, evidence))).code()).isEqualTo("evidence-stands");
        Bytes forged = list(TestChips.stranger(), evidence, "intermediate");
        assertThat(run(evidence, Optional.of(forged)).code()).isEqualTo("evidence-stands");
        Bytes future = authority.revocationList(
                UNTIL,
                UNTIL.plus(Duration.ofDays(1)),
                List.of(((SnpEvidence) evidence.hardware()).collateral().intermediate()));
        assertThat(run(evidence, Optional.of(future)).code()).isEqualTo("evidence-stands");
        assertThat(run(evidence, Optional.empty()).code()).isEqualTo("evidence-stands");
        assertThat(run(evidence, Optional.of(Bytes.zeros(9))).code()).isEqualTo("malformed");
    }

    @Test
    void onlyTheRegisteredEvidenceIsJudged() {
        Evidence evidence = registered();
        Bytes list = list(authority, evidence, "intermediate");
        Evidence earlier = boots.reKey(SLOT, 2).evidence();
        assertThat(run(earlier, Optional.of(list)).code()).isEqualTo("not-the-registered-evidence");
        Bytes nobody = transaction(new Revoke(9, evidence.encode(), Optional.of(list)));
        assertThat(boots.run(nobody).code()).isEqualTo("unknown-slot");
    }

    @Test
    void anotherPolicyOfTheLedgerTakesTheSeatOfWhoDoesNotSatisfyIt() {
        Evidence evidence = registered();
        boots.run(boots.chain.transaction(1, OTHER_POLICY, 1, Bytes.EMPTY));
        Receipt receipt = run(evidence, Optional.empty());
        assertThat(receipt.code()).isEmpty();
        assertThat(run(evidence, Optional.empty()).code()).isEqualTo("slot-is-leaving");
    }

    @Test
    void asManyStayAsHoldTheKeys() {
        Boots four = new Boots(4).start();
        ReKey reKey = four.reKey(SLOT, 2);
        four.run(four.transaction(Boots.voteKey(SLOT, 2), reKey));
        four.pass();
        Revoke revoke = new Revoke(
                SLOT, reKey.evidence().encode(), Optional.of(list(authority, reKey.evidence(), "intermediate")));
        Bytes transaction = four.chain.transaction(1, Members.MODULE, MembershipModule.REVOKE, revoke.encode());
        assertThat(four.run(transaction).code()).isEqualTo("too-few-holders");
    }
}
