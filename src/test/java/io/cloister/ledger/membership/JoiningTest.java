package io.cloister.ledger.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.Committed;
import io.cloister.ledger.TestChain;
import io.cloister.ledger.history.ValidatorHistory;
import io.cloister.ledger.membership.Newcomers.Newcomer;
import java.util.List;
import org.junit.jupiter.api.Test;

class JoiningTest {
    private static final Newcomer FIFTH = new Newcomer("the fifth", 1);
    private static final Newcomer OTHER = new Newcomer("another", 2);

    private final Newcomers net = new Newcomers(4);
    private final TestChain chain = net.chain;

    private void refused(String code, Newcomer node, Join join) {
        assertThat(net.run(node, join).code()).isEqualTo(code);
        assertThat(Members.proposed(chain.ledger().state())).isEmpty();
    }

    /** Nobody answers for it, so it takes no place in a block; sent by a validator it is refused by name. */
    private void stopped(String code, Newcomer node, Join join) {
        Bytes transaction = net.transaction(node, join);
        assertThat(chain.door(transaction)).isEqualTo("unknown-sender");
        assertThat(chain.block(List.of(transaction)).receipts()).hasSize(1);
        Bytes relayed = chain.transaction(1, Members.MODULE, MembershipModule.JOIN, join.encode());
        assertThat(net.boots.run(relayed).code()).isEqualTo(code);
    }

    @Test
    void whoIsAdmittedVotesTwoBlocksLater() {
        Bytes transaction = net.transaction(FIFTH, net.admission(5, FIFTH));
        assertThat(chain.door(transaction)).isEmpty();
        assertThat(chain.ledger().sender(transaction))
                .contains(Newcomers.operator(1).id());
        Committed ordering = chain.block(List.of(transaction));
        assertThat(ordering.receipts().getFirst().code()).isEmpty();
        assertThat(Newcomers.events(ordering.receipts().getFirst())).containsExactly("membership.change-proposed");
        assertThat(Newcomers.events(ordering.receipts().getLast())).containsExactly("membership.change-ordered");
        assertThat(net.votes(FIFTH)).as("of the next block").isFalse();
        assertThat(net.pass()).containsExactly("membership.joined");
        assertThat(net.votes(FIFTH)).isTrue();
        Member member = net.boots.member(5);
        assertThat(member.activationHeight()).isEqualTo(4);
        assertThat(chain.ledger().height()).isEqualTo(3);
        assertThat(member.epochKey()).isEqualTo(Newcomers.EPOCH_KEY);
        assertThat(net.boots.told).containsExactly("slot 5 boot 1 at 3");
        Bytes own = chain.transaction(FIFTH.voteKey(), Members.MODULE, 99, Bytes.EMPTY);
        assertThat(chain.door(own)).as("it says what it wants").isEqualTo("unknown-kind");
    }

    @Test
    void everyChangeOfTheSetStandsInTheHistory() {
        net.run(FIFTH, net.admission(5, FIFTH));
        net.pass();
        assertThat(ValidatorHistory.at(chain.ledger().state(), 0, 3)
                        .orElseThrow()
                        .index())
                .isZero();
        var entry = ValidatorHistory.at(chain.ledger().state(), 0, 4).orElseThrow();
        assertThat(entry.index()).isEqualTo(1);
        assertThat(entry.validatorsHash()).isEqualTo(chain.ledger().validators().hash());
        net.run(OTHER, net.replacement(3, OTHER));
        net.pass();
        var later = ValidatorHistory.at(chain.ledger().state(), 0, 6).orElseThrow();
        assertThat(later.validatorsHash()).isEqualTo(chain.ledger().validators().hash());
        assertThat(ValidatorHistory.set(chain.ledger().state(), later))
                .contains(chain.ledger().validators());
    }

    @Test
    void whoIsReplacedIsHeardNoMore() {
        Newcomer node = new Newcomer("the new third", 2);
        Bytes late = net.boots.transaction(3, 9);
        assertThat(net.run(node, net.replacement(3, node)).code()).isEmpty();
        assertThat(net.boots.run(late).code())
                .as("the old node boots meanwhile")
                .isEqualTo("slot-is-leaving");
        assertThat(net.votes(node)).isTrue();
        assertThat(chain.ledger().validators().size()).isEqualTo(4);
        assertThat(chain.ledger().validators().bySlot(3).orElseThrow().nodeId())
                .isEqualTo(node.slotKey().id());
        assertThat(chain.door(chain.transaction(3, Members.MODULE, 99, Bytes.EMPTY)))
                .isEqualTo("unknown-sender");
        assertThat(chain.door(net.boots.transaction(3, 10))).isEqualTo("unknown-sender");
        assertThat(net.boots.told).containsExactly("slot 3 boot 2 at 3");
    }

    @Test
    void theKeysAreHeldByThoseTheyWereDealtTo() {
        assertThat(net.run(FIFTH, net.admission(5, FIFTH)).code()).isEmpty();
        net.pass();
        assertThat(Members.seats(chain.ledger().state()))
                .extracting(Member::slot)
                .containsExactly(1, 2, 3, 4);
        Newcomer third = new Newcomer("the new third", 2);
        assertThat(net.run(third, net.replacement(3, third)).code()).isEmpty();
        net.pass();
        Newcomer fourth = new Newcomer("the new fourth", 2);
        refused("too-few-holders", fourth, net.replacement(4, fourth));
        Newcomer again = new Newcomer("the newest third", 4);
        assertThat(net.run(again, net.replacement(3, again)).code())
                .as("it holds nothing")
                .isEmpty();
    }

    @Test
    void onlyOperatorsGrantSeatsAndOnlyTheirOwn() {
        SigningKey stranger = TestChain.key("a stranger");
        stopped(
                "not-the-operator",
                FIFTH,
                net.join(net.grant(stranger, false, 5, FIFTH.slotKey().id()), FIFTH));
        stopped(
                "not-the-operator",
                OTHER,
                net.join(
                        net.grant(
                                Newcomers.operator(1), true, 3, OTHER.slotKey().id()),
                        OTHER));
    }

    @Test
    void aGrantIsSignedForThisNodeSlotAndChain() {
        SigningKey operator = Newcomers.operator(1);
        Bytes node = FIFTH.slotKey().id();
        SeatGrant elsewhere = SeatGrant.sign(operator, "elsewhere", false, 5, node, 1, 100);
        stopped("operator-signature-invalid", FIFTH, net.join(elsewhere, FIFTH));
        SeatGrant good = SeatGrant.sign(operator, Boots.ID, false, 5, node, 1, 100);
        SeatGrant longer = new SeatGrant(false, 5, node, 1, 101, operator.id(), good.signature());
        stopped("operator-signature-invalid", FIFTH, net.join(longer, FIFTH));
        stoppedWithout(net.transaction(OTHER, net.join(good, OTHER)));
    }

    @Test
    void aGrantCountsOnceAndLaterOrdersMakeItVoid() {
        SigningKey operator = Newcomers.operator(1);
        SeatGrant grant =
                SeatGrant.sign(operator, Boots.ID, false, 5, FIFTH.slotKey().id(), 7, 1_000);
        assertThat(net.run(FIFTH, net.join(grant, FIFTH)).code()).isEmpty();
        net.pass();
        Newcomer newer = new Newcomer("the fifth", 2);
        stopped("order-not-newer", newer, net.join(grant, newer));
        SeatGrant older =
                SeatGrant.sign(operator, Boots.ID, true, 5, OTHER.slotKey().id(), 6, 1_000);
        stopped("order-not-newer", OTHER, net.join(older, OTHER));
    }

    @Test
    void aGrantEnds() {
        SeatGrant grant =
                net.grant(Newcomers.operator(1), false, 5, FIFTH.slotKey().id());
        while (chain.ledger().height() < grant.validUntil()) {
            net.pass();
        }
        refused("grant-over", FIFTH, net.join(grant, FIFTH));
    }

    @Test
    void aSlotHasOneMemberAndANodeOneSlot() {
        refused(
                "slot-taken",
                FIFTH,
                net.join(
                        net.grant(
                                Newcomers.operator(2), false, 2, FIFTH.slotKey().id()),
                        FIFTH));
        refused("slot-not-next", FIFTH, net.admission(6, FIFTH));
        refused("slot-not-next", FIFTH, net.admission(0, FIFTH));
        refused(
                "unknown-slot",
                FIFTH,
                net.join(
                        net.grant(
                                Newcomers.operator(1), true, 5, FIFTH.slotKey().id()),
                        FIFTH));
        Newcomer second = new Newcomer(chain.slotKeys.get(1), OTHER.voteKey(), 2);
        refused("node-id-taken", second, net.admission(5, second));
        refused("node-id-taken", second, net.replacement(2, second));
        assertThat(net.run(FIFTH, net.admission(5, FIFTH)).code()).isEmpty();
        net.pass();
        Newcomer twice = new Newcomer(FIFTH.slotKey(), OTHER.voteKey(), 2);
        refused("node-id-taken", twice, net.admission(6, twice));
    }

    @Test
    void noVoteKeyServesTwice() {
        Newcomer thief = new Newcomer(FIFTH.slotKey(), chain.voteKeys.get(1), 1);
        refused("vote-key-taken", thief, net.admission(5, thief));
        Newcomer third = new Newcomer("the new third", 2);
        net.run(third, net.replacement(3, third));
        net.pass();
        Newcomer former = new Newcomer(FIFTH.slotKey(), chain.voteKeys.get(2), 1);
        refused("vote-key-taken", former, net.admission(5, former));
    }

    @Test
    void theSlotsBootCounterRises() {
        Newcomer same = new Newcomer("the new third", 1);
        refused("boot-counter-not-newer", same, net.replacement(3, same));
    }

    @Test
    void evidenceIsForThisSlotAndARecentBlock() {
        long height = chain.ledger().height();
        Bytes block = chain.last();
        SeatGrant grant =
                net.grant(Newcomers.operator(1), false, 5, FIFTH.slotKey().id());
        refused("evidence-refused", FIFTH, new Join(grant, FIFTH.record(), height, block, net.evidence(FIFTH, 4)));
        var reKey = net.boots.evidence(FIFTH.keys(Boots.ID), ReKey.leaf(Boots.ID, 5, height, block));
        refused("evidence-refused", FIFTH, new Join(grant, FIFTH.record(), height, block, reKey));
        var debug = net.boots.debug(FIFTH.keys(Boots.ID), Join.leaf(Boots.ID, 5, height, block));
        refused("evidence-refused", FIFTH, new Join(grant, FIFTH.record(), height, block, debug));
        var unknown = net.boots.evidence(FIFTH.keys(Boots.ID), Join.leaf(Boots.ID, 5, height, Bytes.zeros(32)));
        refused("block-not-recent", FIFTH, new Join(grant, FIFTH.record(), height, Bytes.zeros(32), unknown));
        var elsewhere = net.boots.evidence(FIFTH.keys("elsewhere"), Join.leaf(Boots.ID, 5, height, block));
        refused("keys-of-another-node", FIFTH, new Join(grant, FIFTH.record(), height, block, elsewhere));
    }

    @Test
    void theRecordIsSignedByTheSlotKeyForTheVoteKeyThatSends() {
        NodeRecord own = FIFTH.record();
        NodeRecord moved = new NodeRecord(
                own.chainId(), own.nodeId(), own.voteKey(), own.epochKey(), "elsewhere", 1, own.signature());
        Join good = net.admission(5, FIFTH);
        stopped(
                "sender-is-not-the-new-key",
                FIFTH,
                new Join(good.grant(), OTHER.record(), good.height(), good.blockId(), good.evidence()));
        Join forged = new Join(good.grant(), moved, good.height(), good.blockId(), good.evidence());
        Bytes transaction = net.transaction(FIFTH, forged);
        assertThat(chain.door(transaction)).isEqualTo("unknown-sender");
        stoppedWithout(net.transaction(OTHER, good));
    }

    private void stoppedWithout(Bytes transaction) {
        assertThat(chain.door(transaction)).isEqualTo("unknown-sender");
        assertThat(chain.block(List.of(transaction)).receipts()).hasSize(1);
    }

    @Test
    void anOperatorHasNoMoreThanAThirdWhereTheRulesSaySo() {
        MembershipRules capped = new MembershipRules(List.of(), true, 0, 10);
        Newcomers strict = new Newcomers(4, capped, new AtOnce());
        assertThat(strict.run(FIFTH, strict.admission(5, FIFTH)).code()).isEqualTo("operator-has-too-many");
        Newcomer third = new Newcomer("the new third", 2);
        assertThat(strict.run(third, strict.replacement(3, third)).code()).isEmpty();
    }

    @Test
    void onlyAsManyJoinAtOnceAsAThirdOfTheWeight() {
        Newcomers waiting = new Newcomers(4, new MembershipRules(List.of(), false, 0, 5), new AtOnce());
        Join join = waiting.admission(5, FIFTH);
        Bytes reKey = waiting.boots.transaction(1, 2);
        var block = waiting.chain.block(List.of(reKey, waiting.transaction(FIFTH, join)));
        assertThat(block.receipts().get(1).code()).isEmpty();
        assertThat(Newcomers.events(block.receipts().getLast()))
                .as("a re-key of slot 1 is under way, so the change waits")
                .doesNotContain("membership.change-ordered");
        assertThat(waiting.pass()).containsExactly("membership.keys-changed", "membership.change-ordered");
        assertThat(waiting.pass()).containsExactly("membership.joined");
    }

    @Test
    void bytesThatAreNoJoinAreRefused() {
        Bytes empty = chain.transaction(1, Members.MODULE, MembershipModule.JOIN, Bytes.EMPTY);
        assertThat(net.boots.run(empty).code()).isEqualTo("malformed");
        Bytes longer = Bytes.concat(net.admission(5, FIFTH).encode(), Bytes.zeros(1));
        assertThat(net.boots
                        .run(chain.transaction(1, Members.MODULE, MembershipModule.JOIN, longer))
                        .code())
                .isEqualTo("malformed");
    }
}
