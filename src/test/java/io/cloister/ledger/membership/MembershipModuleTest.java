package io.cloister.ledger.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.Leaf;
import io.cloister.codec.Bytes;
import io.cloister.consensus.ValidatorSet;
import io.cloister.crypto.Hashes;
import io.cloister.ledger.Committed;
import io.cloister.ledger.Event;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.TestChain;
import java.util.List;
import org.junit.jupiter.api.Test;

class MembershipModuleTest {
    private static final int SLOT = 3;

    private final Boots boots = new Boots(4).start();
    private final TestChain chain = boots.chain;

    private Bytes key(int slot, long boot) {
        return Boots.voteKey(slot, boot).id();
    }

    private Bytes voting(int slot) {
        return chain.ledger().validators().bySlot(slot).orElseThrow().voteKey();
    }

    private void refused(String code, ReKey reKey) {
        refused(code, boots.transaction(Boots.voteKey(SLOT, 2), reKey));
    }

    private void refused(String code, Bytes transaction) {
        Member before = boots.member(SLOT);
        Receipt receipt = boots.run(transaction);
        assertThat(receipt.code()).isEqualTo(code);
        boots.pass();
        boots.pass();
        assertThat(boots.member(SLOT)).isEqualTo(before);
        assertThat(boots.told).isEmpty();
    }

    /** What neither slot key nor new vote key have signed takes no place in a block. */
    private void stopped(Bytes transaction) {
        assertThat(chain.door(transaction)).isEqualTo("unknown-sender");
        assertThat(chain.block(List.of(transaction)).receipts()).hasSize(1);
    }

    @Test
    void aReKeyIsInForceTwoBlocksAfterTheOneThatOrdersIt() {
        ReKey reKey = boots.reKey(SLOT, 2);
        Bytes transaction = boots.transaction(Boots.voteKey(SLOT, 2), reKey);
        assertThat(chain.door(transaction)).isEmpty();
        Committed ordering = chain.block(List.of(transaction));
        Receipt receipt = ordering.receipts().getFirst();
        assertThat(receipt.code()).isEmpty();
        assertThat(receipt.events()).extracting(Event::name).containsExactly("membership.re-key-ordered");
        assertThat(voting(SLOT))
                .as("of the next block")
                .isEqualTo(boots.chain.voteKeys.get(SLOT - 1).id());
        assertThat(Members.isChanging(chain.ledger().state(), SLOT)).isTrue();

        Committed next = boots.pass();
        assertThat(next.block().header().height()).isEqualTo(3);
        ValidatorSet renewed = chain.ledger().validators();
        assertThat(next.block().header().nextValidatorsHash()).isEqualTo(renewed.hash());
        assertThat(next.block().header().validatorsHash()).isNotEqualTo(renewed.hash());
        assertThat(voting(SLOT)).isEqualTo(key(SLOT, 2));
        Member member = boots.member(SLOT);
        assertThat(member.bootCounter()).isEqualTo(2);
        assertThat(member.bootShareKey()).isEqualTo(Boots.SHARE_KEY);
        assertThat(member.activationHeight()).isEqualTo(4);
        assertThat(member.grade()).isEqualTo("D");
        assertThat(member.evidenceDigest())
                .isEqualTo(Hashes.sha256(reKey.evidence().encode()));
        assertThat(next.receipts().getLast().events())
                .containsExactly(new Event("membership.keys-changed", member.encode()));
        assertThat(boots.told).containsExactly("slot 3 boot 2 at 3");
        assertThat(Members.isChanging(chain.ledger().state(), SLOT)).isFalse();
    }

    @Test
    void theOldKeySaysNothingMoreAndTheNewOneIsHeard() {
        boots.run(boots.transaction(SLOT, 2));
        Bytes old = chain.transaction(SLOT, Members.MODULE, 99, Bytes.EMPTY);
        assertThat(chain.door(old)).isEqualTo("unknown-kind");
        boots.pass();
        assertThat(chain.door(old)).isEqualTo("unknown-sender");
        Bytes renewed = chain.transaction(Boots.voteKey(SLOT, 2), Members.MODULE, 99, Bytes.EMPTY);
        assertThat(chain.door(renewed)).isEqualTo("unknown-kind");
    }

    @Test
    void aNewerBootTakesThePlaceOfAPendingOne() {
        boots.run(boots.transaction(SLOT, 2));
        assertThat(boots.run(boots.transaction(SLOT, 3)).code()).isEmpty();
        assertThat(voting(SLOT))
                .as("the second boot was replaced")
                .isEqualTo(chain.voteKeys.get(SLOT - 1).id());
        boots.pass();
        assertThat(voting(SLOT)).isEqualTo(key(SLOT, 3));
        assertThat(boots.told).containsExactly("slot 3 boot 3 at 4");
    }

    @Test
    void refusesAnOlderBootThanTheRegisteredOrThePendingOne() {
        Bytes second = boots.transaction(SLOT, 2);
        Bytes third = boots.transaction(SLOT, 3);
        Bytes again = boots.transaction(SLOT, 3);
        assertThat(boots.run(third).code()).isEmpty();
        assertThat(boots.run(second).code()).isEqualTo("boot-counter-not-newer");
        boots.pass();
        assertThat(voting(SLOT)).isEqualTo(key(SLOT, 3));
        boots.told.clear();
        refused("boot-counter-not-newer", again);
        assertThat(chain.door(second)).isEqualTo("duplicate");
        assertThat(chain.door(boots.transaction(SLOT, 2))).isEqualTo("boot-counter-not-newer");
    }

    @Test
    void atMostAThirdOfTheWeightChangesAtOneTime() {
        List<Bytes> two = List.of(boots.transaction(1, 2), boots.transaction(SLOT, 2));
        List<Receipt> receipts = chain.block(two).receipts();
        assertThat(receipts).extracting(Receipt::code).containsExactly("", "too-many-changes", "");
        boots.pass();
        boots.boot(1, 2);
        assertThat(voting(1)).isEqualTo(key(1, 2));
        assertThat(boots.run(boots.transaction(SLOT, 2)).code()).isEmpty();
        boots.pass();
        assertThat(voting(SLOT)).isEqualTo(key(SLOT, 2));
    }

    @Test
    void stopsWhatTheSlotKeyDidNotSign() {
        ReKey good = boots.reKey(SLOT, 2);
        ReKey forged = ReKey.sign(chain.slotKeys.getFirst(), SLOT, 1, chain.last(), good.evidence());
        stopped(boots.transaction(Boots.voteKey(SLOT, 2), forged));
        ReKey moved = new ReKey(SLOT, 2, good.blockId(), good.evidence(), good.slotSignature());
        stopped(boots.transaction(Boots.voteKey(SLOT, 2), moved));
    }

    @Test
    void stopsASenderThatIsNotTheNewVoteKey() {
        ReKey good = boots.reKey(SLOT, 2);
        stopped(boots.transaction(Boots.voteKey(SLOT, 3), good));
        Bytes byAnother = chain.transaction(1, Members.MODULE, MembershipModule.RE_KEY, good.encode());
        assertThat(boots.run(byAnother).code()).isEqualTo("sender-is-not-the-new-key");
    }

    @Test
    void boundsAtTheDoorGoByTheSlot() {
        assertThat(chain.ledger().sender(boots.transaction(SLOT, 2)))
                .contains(chain.slotKeys.get(SLOT - 1).id());
        assertThat(chain.ledger().sender(boots.transaction(SLOT, 3)))
                .contains(chain.slotKeys.get(SLOT - 1).id());
    }

    @Test
    void refusesAnotherNodesSlot() {
        var evidence = boots.evidence(boots.keys(SLOT, 2), ReKey.leaf(Boots.ID, 1, 1, chain.last()));
        refused("keys-of-another-node", boots.signed(1, 1, chain.last(), evidence));
        stopped(boots.transaction(
                Boots.voteKey(SLOT, 2), ReKey.sign(chain.slotKeys.getFirst(), 9, 1, chain.last(), evidence)));
    }

    @Test
    void refusesTheVoteKeyOfAnotherSlot() {
        var stolen = boots.keys(Boots.ID, SLOT, 2, chain.voteKeys.getFirst().id(), Boots.SHARE_KEY);
        ReKey reKey = boots.reKey(SLOT, 1, chain.last(), stolen);
        refused("vote-key-taken", boots.transaction(chain.voteKeys.getFirst(), reKey));
        Boots seven = new Boots(7).start();
        seven.run(seven.transaction(1, 2));
        var shared = seven.keys(Boots.ID, SLOT, 2, key(1, 2), Boots.SHARE_KEY);
        ReKey same =
                seven.reKey(SLOT, 1, seven.chain.committed.getFirst().block().id(), shared);
        assertThat(seven.run(seven.transaction(Boots.voteKey(1, 2), same)).code())
                .isEqualTo("vote-key-taken");
    }

    @Test
    void refusesABlockThatIsUnknownForeignOrOld() {
        Bytes newest = chain.last();
        var keys = boots.keys(SLOT, 2);
        refused("block-not-recent", boots.reKey(SLOT, 1, Bytes.zeros(32), keys));
        refused("block-not-recent", boots.reKey(SLOT, 50, newest, keys));
        refused("block-not-recent", boots.reKey(SLOT, 0, newest, keys));
        while (chain.ledger().height() < 1 + MembershipModule.MAX_AGE) {
            boots.pass();
        }
        Bytes old = boots.transaction(Boots.voteKey(SLOT, 2), boots.reKey(SLOT, 1, newest, keys));
        assertThat(chain.door(old)).isEqualTo("block-not-recent");
        refused("block-not-recent", old);
        assertThat(boots.run(boots.transaction(SLOT, 2)).code()).isEmpty();
    }

    @Test
    void refusesEvidenceWhoseLeafNamesAnotherBlockOrChain() {
        Bytes newest = chain.last();
        Leaf otherHeight = ReKey.leaf(Boots.ID, SLOT, 2, newest);
        Leaf otherSlot = ReKey.leaf(Boots.ID, 1, 1, newest);
        Leaf otherChain = ReKey.leaf("elsewhere", SLOT, 1, newest);
        Leaf recovery = RecoveryLeaf.of(Boots.ID, SLOT, 1);
        for (Leaf wrong : List.of(otherHeight, otherSlot, otherChain, recovery)) {
            ReKey reKey = boots.signed(SLOT, 1, newest, boots.evidence(boots.keys(SLOT, 2), wrong));
            assertThat(chain.door(boots.transaction(Boots.voteKey(SLOT, 2), reKey)))
                    .isEqualTo("evidence-refused");
            refused("evidence-refused", reKey);
        }
    }

    @Test
    void refusesRestEvidenceAsReKeyEvidence() {
        Leaf nonce = Leaf.restNonce(Bytes.zeros(32), Bytes.zeros(32));
        refused("evidence-refused", boots.signed(SLOT, 1, chain.last(), boots.evidence(boots.keys(SLOT, 2), nonce)));
    }

    @Test
    void refusesADebugPolicyAndAnotherMeasurement() {
        Bytes newest = chain.last();
        Leaf leaf = ReKey.leaf(Boots.ID, SLOT, 1, newest);
        refused("evidence-refused", boots.signed(SLOT, 1, newest, boots.debug(boots.keys(SLOT, 2), leaf)));
        refused("evidence-refused", boots.signed(SLOT, 1, newest, boots.otherRelease(boots.keys(SLOT, 2), leaf)));
    }

    @Test
    void refusesKeysForAnotherChainAndAShareKeyThatIsNoPoint() {
        Bytes vote = key(SLOT, 2);
        var elsewhere = boots.keys("elsewhere", SLOT, 2, vote, Boots.SHARE_KEY);
        refused("keys-of-another-node", boots.reKey(SLOT, 1, chain.last(), elsewhere));
        Bytes newest = chain.committed.getFirst().block().id();
        var noPoint = boots.keys(Boots.ID, SLOT, 2, vote, Bytes.zeros(33));
        refused("malformed", boots.reKey(SLOT, 1, newest, noPoint));
    }

    @Test
    void refusesBytesAndKindsThatMeanNothing() {
        Bytes empty = chain.transaction(SLOT, Members.MODULE, MembershipModule.RE_KEY, Bytes.EMPTY);
        assertThat(boots.run(empty).code()).isEqualTo("malformed");
        Bytes longer = Bytes.concat(boots.reKey(SLOT, 2).encode(), Bytes.zeros(1));
        Bytes trailing = chain.transaction(SLOT, Members.MODULE, MembershipModule.RE_KEY, longer);
        assertThat(boots.run(trailing).code()).isEqualTo("malformed");
        stopped(chain.transaction(Boots.voteKey(SLOT, 2), Members.MODULE, MembershipModule.RE_KEY, longer));
        assertThat(chain.door(chain.transaction(SLOT, Members.MODULE, 99, Bytes.EMPTY)))
                .isEqualTo("unknown-kind");
        assertThat(chain.door(chain.transaction(Boots.voteKey(SLOT, 2), Members.MODULE, 99, Bytes.EMPTY)))
                .isEqualTo("unknown-sender");
    }
}
