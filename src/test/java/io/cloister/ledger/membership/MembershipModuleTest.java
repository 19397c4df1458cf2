package io.cloister.ledger.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.snp.GuestPolicy;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.ReportBuilder;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.Committed;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.TestChain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MembershipModuleTest {
    private static final String ID = "membership-test";
    private static final int SLOT = 3;
    private static final Bytes NEW_SHARE_KEY = SigningKey.generate().id();

    private final TestChain chain = new TestChain(ID, TestChips.AT.toEpochMilli());
    private final SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
    private final List<String> told = new ArrayList<>();
    private Bytes newest = Bytes.EMPTY;

    @BeforeEach
    void start() {
        MembershipModule module = new MembershipModule(
                chain.founders(),
                TestChips.policy(ProductLine.GENOA),
                new EvidenceVerifier(),
                List.of(sink("first"), sink("second")));
        chain.start(List.of(module), Map.of());
        newest = chain.block(List.of()).block().id();
    }

    private RestartSink sink(String name) {
        return (context, slot, boot) -> told.add(name + " slot " + slot + " boot " + boot + " at " + context.height()
                + " knows " + Members.at(context, slot).orElseThrow().bootCounter());
    }

    private BootKeySet keys(long boot) {
        return keys(ID, boot, NEW_SHARE_KEY);
    }

    private BootKeySet keys(String chainId, long boot, Bytes shareKey) {
        return new BootKeySet(
                chainId,
                chain.slotKeys.get(SLOT - 1).id(),
                boot,
                Bytes.zeros(32),
                chain.voteKeys.get(SLOT - 1).id(),
                shareKey,
                Bytes.zeros(32),
                Bytes.zeros(33));
    }

    private ReportBuilder report() {
        return TestChips.report(chip, 3);
    }

    private Evidence evidence(BootKeySet keys, Leaf leaf) {
        return TestChips.evidence(chip, report(), keys, leaf);
    }

    private BootAnnouncement announcement(long boot, long height, Bytes blockId) {
        Leaf leaf = BootAnnouncement.leaf(ID, SLOT, height, blockId);
        return signed(height, blockId, evidence(keys(boot), leaf));
    }

    private BootAnnouncement signed(long height, Bytes blockId, Evidence evidence) {
        return BootAnnouncement.sign(chain.slotKeys.get(SLOT - 1), SLOT, height, blockId, evidence);
    }

    private Receipt run(BootAnnouncement announcement) {
        return run(announcement.encode());
    }

    private Receipt run(Bytes body) {
        return chain.block(List.of(transaction(body))).receipts().getFirst();
    }

    private Bytes transaction(Bytes body) {
        return chain.transaction(SLOT, Members.MODULE, MembershipModule.ANNOUNCE_BOOT, body);
    }

    private Member member() {
        return Members.at(chain.ledger().state(), SLOT).orElseThrow();
    }

    private void refused(String code, BootAnnouncement announcement) {
        Member before = member();
        assertThat(run(announcement).code()).isEqualTo(code);
        assertThat(member()).isEqualTo(before);
        assertThat(told).isEmpty();
    }

    @Test
    void aRestartIsTakenWithEvidenceForTheNewestBlockAndTheSinksAreTold() {
        BootAnnouncement announcement = announcement(2, 1, newest);
        assertThat(chain.door(transaction(announcement.encode()))).isEmpty();
        Receipt receipt = run(announcement);
        assertThat(receipt.code()).isEmpty();
        Member renewed = member();
        assertThat(renewed.bootCounter()).isEqualTo(2);
        assertThat(renewed.bootShareKey()).isEqualTo(NEW_SHARE_KEY);
        assertThat(renewed.activationHeight()).isEqualTo(2);
        assertThat(renewed.grade()).isEqualTo("D");
        assertThat(renewed.evidenceDigest())
                .isEqualTo(Hashes.sha256(announcement.evidence().encode()));
        assertThat(receipt.events().getFirst().data()).isEqualTo(renewed.encode());
        assertThat(told).containsExactly("first slot 3 boot 2 at 2 knows 2", "second slot 3 boot 2 at 2 knows 2");
        assertThat(chain.ledger().validators().bySlot(SLOT).orElseThrow().bootCounter())
                .isEqualTo(2);
    }

    @Test
    void refusesTheReplayOfAnAnnouncementAndAnOlderBoot() {
        BootAnnouncement second = announcement(2, 1, newest);
        BootAnnouncement third = announcement(3, 1, newest);
        assertThat(run(third).code()).isEmpty();
        told.clear();
        refused("boot-counter-not-newer", third);
        refused("boot-counter-not-newer", second);
        assertThat(chain.door(transaction(second.encode()))).isEqualTo("boot-counter-not-newer");
    }

    @Test
    void refusesWhatTheSlotKeyDidNotSign() {
        BootAnnouncement good = announcement(2, 1, newest);
        BootAnnouncement forged = BootAnnouncement.sign(chain.slotKeys.getFirst(), SLOT, 1, newest, good.evidence());
        refused("slot-signature-invalid", forged);
        assertThat(chain.door(transaction(forged.encode()))).isEqualTo("slot-signature-invalid");
        BootAnnouncement moved = new BootAnnouncement(SLOT, 2, newest, good.evidence(), good.slotSignature());
        refused("slot-signature-invalid", moved);
    }

    @Test
    void refusesAnotherNodesSlot() {
        Evidence evidence = evidence(keys(2), BootAnnouncement.leaf(ID, 1, 1, newest));
        refused("keys-of-another-node", BootAnnouncement.sign(chain.slotKeys.getFirst(), 1, 1, newest, evidence));
        refused("unknown-slot", BootAnnouncement.sign(chain.slotKeys.getFirst(), 9, 1, newest, evidence));
    }

    @Test
    void refusesABlockThatIsUnknownForeignOrOld() {
        refused("block-not-recent", announcement(2, 1, Bytes.zeros(32)));
        refused("block-not-recent", announcement(2, 50, newest));
        refused("block-not-recent", announcement(2, 0, newest));
        while (chain.ledger().height() < 1 + MembershipModule.MAX_AGE) {
            chain.block(List.of());
        }
        refused("block-not-recent", announcement(2, 1, newest));
        Committed tip = chain.block(List.of());
        assertThat(run(announcement(2, tip.block().height(), tip.block().id())).code())
                .isEmpty();
    }

    @Test
    void refusesEvidenceWhoseLeafNamesAnotherBlockOrChain() {
        Leaf otherHeight = BootAnnouncement.leaf(ID, SLOT, 2, newest);
        Leaf otherSlot = BootAnnouncement.leaf(ID, 1, 1, newest);
        Leaf otherChain = BootAnnouncement.leaf("elsewhere", SLOT, 1, newest);
        for (Leaf wrong : List.of(otherHeight, otherSlot, otherChain)) {
            refused("evidence-refused", signed(1, newest, evidence(keys(2), wrong)));
        }
    }

    @Test
    void refusesRestEvidenceAsReKeyEvidence() {
        Leaf nonce = Leaf.restNonce(Bytes.zeros(32), Bytes.zeros(32));
        refused("evidence-refused", signed(1, newest, evidence(keys(2), nonce)));
    }

    @Test
    void refusesADebugPolicyAndAnotherMeasurement() {
        Leaf leaf = BootAnnouncement.leaf(ID, SLOT, 1, newest);
        ReportBuilder debug = report().policy(new GuestPolicy(0x30000 | 1 << 19));
        refused("evidence-refused", signed(1, newest, TestChips.evidence(chip, debug, keys(2), leaf)));
        ReportBuilder other = report().measurement(Bytes.zeros(48));
        refused("evidence-refused", signed(1, newest, TestChips.evidence(chip, other, keys(2), leaf)));
    }

    @Test
    void refusesKeysForAnotherChainAndAShareKeyThatIsNoPoint() {
        Leaf leaf = BootAnnouncement.leaf(ID, SLOT, 1, newest);
        refused("keys-of-another-node", signed(1, newest, evidence(keys("elsewhere", 2, NEW_SHARE_KEY), leaf)));
        refused("malformed", signed(1, newest, evidence(keys(ID, 2, Bytes.zeros(33)), leaf)));
    }

    @Test
    void refusesBytesAndKindsThatAreNoAnnouncement() {
        assertThat(run(Bytes.EMPTY).code()).isEqualTo("malformed");
        Bytes good = announcement(2, 1, newest).encode();
        assertThat(run(Bytes.concat(good, Bytes.zeros(1))).code()).isEqualTo("malformed");
        Bytes unknown = chain.transaction(SLOT, Members.MODULE, 2, good);
        assertThat(chain.door(unknown)).isEqualTo("unknown-kind");
    }
}
