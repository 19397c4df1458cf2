package io.cloister.ledger.statement;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Policy;
import io.cloister.attestation.Purpose;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.snp.GuestPolicy;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.Committed;
import io.cloister.ledger.TestChain;
import io.cloister.ledger.membership.Members;
import io.cloister.ledger.membership.MembershipModule;
import io.cloister.ledger.membership.ReKey;
import java.util.List;
import java.util.Map;

/** A committee of four on simulated chips, at its first block. */
public final class Statements {
    public static final String ID = "statement-test";

    public final TestChain chain = new TestChain(ID, TestChips.AT.toEpochMilli());
    public final Policy policy = TestChips.policy(ProductLine.GENOA);
    public final SigningKey resultKey = TestChain.key("a result key");

    private final SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
    private final Committed committed;

    public Statements() {
        chain.start(
                List.of(new MembershipModule(chain.founders(), policy, new EvidenceVerifier(), List.of())), Map.of());
        committed = chain.block(List.of());
    }

    Bytes blockId() {
        return committed.block().header().id();
    }

    BootKeySet keys(int slot, String chainId, long boot, Bytes voteKey) {
        return new BootKeySet(
                chainId,
                chain.slotKeys.get(slot - 1).id(),
                boot,
                Bytes.zeros(32),
                voteKey,
                Bytes.zeros(33),
                Bytes.zeros(32),
                slot == 1 ? resultKey.id() : Bytes.zeros(33));
    }

    BootKeySet keys(int slot) {
        return keys(slot, ID, 1, chain.voteKeys.get(slot - 1).id());
    }

    /** What the node of slot 1 asks its own platform for. */
    Evidence own() {
        return evidence(keys(1), Leaf.restNonce(blockId(), Bytes.zeros(32)));
    }

    Evidence announced(int slot) {
        return evidence(keys(slot), ReKey.leaf(ID, slot, 1, blockId()));
    }

    /** As the channel to slot 1 has seen it. */
    Evidence channel(int slot, Bytes nodeId) {
        Bytes hash = Bytes.zeros(32);
        return evidence(
                keys(slot),
                new Leaf(
                        Purpose.PEER_CHANNEL,
                        List.of(
                                hash,
                                Bytes.utf8("initiator"),
                                hash,
                                hash,
                                nodeId,
                                chain.slotKeys.getFirst().id(),
                                hash)));
    }

    Evidence evidence(BootKeySet keys, Leaf leaf) {
        return TestChips.evidence(chip, TestChips.report(chip, 3), keys, leaf);
    }

    Evidence debug(int slot) {
        return TestChips.evidence(
                chip,
                TestChips.report(chip, 3).policy(new GuestPolicy(0x30000 | 1 << 19)),
                keys(slot),
                ReKey.leaf(ID, slot, 1, blockId()));
    }

    NetworkProof proof(Evidence... evidence) {
        return new NetworkProof(
                committed.block().header(),
                committed.certificate(),
                chain.validators(),
                chain.ledger().prove(Members.MODULE, MembershipModule.POLICY).orElseThrow(),
                List.of(evidence));
    }

    /** Three of four attested, one by each kind of leaf. */
    public SignedStatement signed() {
        return SignedStatement.of(
                proof(own(), announced(2), channel(3, chain.slotKeys.get(2).id())), resultKey);
    }
}
