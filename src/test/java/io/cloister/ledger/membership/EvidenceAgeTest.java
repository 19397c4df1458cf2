package io.cloister.ledger.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.Leaf;
import io.cloister.codec.Bytes;
import io.cloister.ledger.Receipt;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Members renew their evidence, or lose the seat. */
class EvidenceAgeTest {
    private static final long AGE = MembershipRules.LEAST_AGE_MILLIS;
    private static final MembershipRules RULES = new MembershipRules(List.of(), false, AGE, 10);

    private final Boots boots = new Boots(6).start(RULES, new AtOnce());

    private Bytes founding(int slot) {
        return boots.chain.voteKeys.get(slot - 1).id();
    }

    private Refresh refresh(int slot, Leaf leaf, Bytes voteKey, long boot) {
        var keys = boots.keys(Boots.ID, slot, boot, voteKey, shareKey(slot));
        return new Refresh(boots.chain.ledger().height(), boots.chain.last(), boots.evidence(keys, leaf));
    }

    private Bytes shareKey(int slot) {
        return boots.member(slot).bootShareKey();
    }

    private Leaf leaf(int slot) {
        return Refresh.leaf(Boots.ID, slot, boots.chain.ledger().height(), boots.chain.last());
    }

    private Bytes transaction(int slot, Refresh refresh) {
        return boots.chain.transaction(slot, Members.MODULE, MembershipModule.REFRESH, refresh.encode());
    }

    private Receipt refresh(int slot) {
        return boots.run(transaction(slot, refresh(slot, leaf(slot), founding(slot), 1)));
    }

    /** Lets so much block time go by with one block. */
    private List<String> later(long millis) {
        boots.chain.millis += millis - 1_000;
        return Newcomers.events(boots.pass().receipts().getLast());
    }

    private List<String> grace() {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < Expiry.GRACE; i++) {
            events.addAll(Newcomers.events(boots.pass().receipts().getLast()));
        }
        return events;
    }

    @Test
    void newEvidenceOfTheSameBootIsTakenAtOnce() {
        Member before = boots.member(3);
        later(AGE / 2 + 60_000);
        assertThat(Members.isRefreshDue(boots.chain.ledger().state(), 3)).isTrue();
        Bytes transaction = transaction(3, refresh(3, leaf(3), founding(3), 1));
        assertThat(boots.chain.door(transaction)).isEmpty();
        Receipt receipt = boots.run(transaction);
        assertThat(receipt.code()).isEmpty();
        assertThat(Newcomers.events(receipt)).containsExactly("membership.evidence-renewed");
        assertThat(Members.isRefreshDue(boots.chain.ledger().state(), 3)).isFalse();
        assertThat(boots.member(3).evidenceDigest()).isNotEqualTo(before.evidenceDigest());
        assertThat(boots.member(3).activationHeight()).isEqualTo(before.activationHeight());
        assertThat(boots.told).as("the boot is the same").isEmpty();
    }

    @Test
    void refusesEvidenceForAnythingElse() {
        Leaf reKey = ReKey.leaf(Boots.ID, 3, boots.chain.ledger().height(), boots.chain.last());
        assertThat(boots.run(transaction(3, refresh(3, reKey, founding(3), 1))).code())
                .isEqualTo("evidence-refused");
        assertThat(boots.run(transaction(3, refresh(3, leaf(3), founding(3), 2)))
                        .code())
                .isEqualTo("keys-of-another-boot");
        assertThat(boots.run(transaction(
                                3, refresh(3, leaf(3), Boots.voteKey(3, 1).id(), 1)))
                        .code())
                .isEqualTo("keys-of-another-boot");
        Bytes foreign = transaction(2, refresh(3, leaf(3), founding(3), 1));
        assertThat(boots.run(foreign).code()).isEqualTo("keys-of-another-boot");
        Refresh old = refresh(3, leaf(3), founding(3), 1);
        for (int i = 0; i < MembershipModule.MAX_AGE; i++) {
            boots.pass();
        }
        assertThat(boots.run(transaction(3, old)).code()).isEqualTo("block-not-recent");
        Bytes empty = boots.chain.transaction(3, Members.MODULE, MembershipModule.REFRESH, Bytes.EMPTY);
        assertThat(boots.run(empty).code()).isEqualTo("malformed");
    }

    @Test
    void whoDoesNotRenewItsEvidenceLosesTheSeatAfterAGrace() {
        later(AGE - 60_000);
        for (int slot : new int[] {1, 2, 4, 5, 6}) {
            assertThat(refresh(slot).code()).isEmpty();
        }
        assertThat(later(61_000)).containsExactly("membership.evidence-overdue");
        List<String> events = grace();
        assertThat(events).containsExactly("membership.expiry-ordered");
        assertThat(Newcomers.events(boots.pass().receipts().getLast())).containsExactly("membership.excluded");
        assertThat(boots.chain.ledger().validators().bySlot(3)).isEmpty();
        assertThat(boots.chain.door(transaction(3, refresh(1, leaf(1), founding(1), 1))))
                .isEqualTo("unknown-sender");
    }

    @Test
    void whoRenewsItsEvidenceInTheGraceStays() {
        later(AGE + 1_000);
        for (int slot = 1; slot <= 6; slot++) {
            assertThat(refresh(slot).code()).isEmpty();
        }
        assertThat(grace()).isEmpty();
        assertThat(boots.chain.ledger().validators().size()).isEqualTo(6);
    }

    @Test
    void aReKeyIsNewEvidenceAsWell() {
        later(AGE - 1_000);
        boots.run(boots.transaction(3, 2));
        boots.pass();
        assertThat(Members.isRefreshDue(boots.chain.ledger().state(), 3)).isFalse();
        assertThat(Members.isRefreshDue(boots.chain.ledger().state(), 2)).isTrue();
    }

    @Test
    void asManyStayAsHoldTheKeysAndPeopleAreToldOnce() {
        assertThat(later(AGE + 1_000)).hasSize(6).containsOnly("membership.evidence-overdue");
        List<String> events = grace();
        events.addAll(grace());
        assertThat(boots.chain.ledger().validators().size()).isEqualTo(5);
        assertThat(events.stream().filter("membership.excluded"::equals).count())
                .isEqualTo(1);
        assertThat(events.stream()
                        .filter("membership.alarm-expired-stays"::equals)
                        .count())
                .isEqualTo(5);
    }
}
