package io.cloister.ledger.membership;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.snp.GuestPolicy;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.codec.Bytes;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Statement;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.Committed;
import io.cloister.ledger.Module;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.TestChain;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A chain of members on simulated chips that boot anew. */
final class Boots {
    static final String ID = "membership-test";
    static final Bytes SHARE_KEY = TestChain.key("a new share key").id();

    final TestChain chain;
    final List<String> told = new ArrayList<>();

    private final SimulatedChip chip = TestChips.chip(ProductLine.GENOA);

    Boots(int size) {
        this(size, TestChips.AT);
    }

    Boots(int size, Instant start) {
        chain = new TestChain(ID, start.toEpochMilli(), size);
    }

    Boots start(Module... more) {
        return start(MembershipRules.FIXED, new AtOnce(), more);
    }

    Boots start(MembershipRules rules, CommitteeReadiness readiness, Module... more) {
        List<Module> modules = new ArrayList<>(List.of(new MembershipModule(
                chain.founders(),
                rules,
                TestChips.policy(ProductLine.GENOA),
                new EvidenceVerifier(),
                readiness,
                List.of(sink()))));
        modules.addAll(List.of(more));
        chain.start(modules, Map.of());
        chain.block(List.of());
        return this;
    }

    private RestartSink sink() {
        return (context, slot, boot) -> told.add("slot " + slot + " boot " + boot + " at " + context.height());
    }

    /** The vote key of a slot's boot. */
    static SigningKey voteKey(int slot, long boot) {
        return TestChain.key("slot " + slot + " boot " + boot);
    }

    BootKeySet keys(int slot, long boot) {
        return keys(ID, slot, boot, voteKey(slot, boot).id(), SHARE_KEY);
    }

    BootKeySet keys(String chainId, int slot, long boot, Bytes voteKey, Bytes shareKey) {
        return new BootKeySet(
                chainId,
                chain.slotKeys.get(slot - 1).id(),
                boot,
                Bytes.zeros(32),
                voteKey,
                shareKey,
                Bytes.zeros(32),
                Bytes.zeros(33));
    }

    Evidence evidence(BootKeySet keys, Leaf leaf) {
        return TestChips.evidence(chip, TestChips.report(chip, 3), keys, leaf);
    }

    Evidence debug(BootKeySet keys, Leaf leaf) {
        var debug = TestChips.report(chip, 3).policy(new GuestPolicy(0x30000 | 1 << 19));
        return TestChips.evidence(chip, debug, keys, leaf);
    }

    Evidence otherRelease(BootKeySet keys, Leaf leaf) {
        return TestChips.evidence(chip, TestChips.report(chip, 3).measurement(Bytes.zeros(48)), keys, leaf);
    }

    /** Over the newest block. */
    ReKey reKey(int slot, long boot) {
        return reKey(slot, chain.ledger().height(), chain.last(), keys(slot, boot));
    }

    ReKey reKey(int slot, long height, Bytes blockId, BootKeySet keys) {
        return signed(slot, height, blockId, evidence(keys, ReKey.leaf(ID, slot, height, blockId)));
    }

    ReKey signed(int slot, long height, Bytes blockId, Evidence evidence) {
        return ReKey.sign(chain.slotKeys.get(slot - 1), slot, height, blockId, evidence);
    }

    Bytes transaction(int slot, long boot) {
        return transaction(voteKey(slot, boot), reKey(slot, boot));
    }

    Bytes transaction(SigningKey sender, ReKey reKey) {
        return chain.transaction(sender, Members.MODULE, MembershipModule.RE_KEY, reKey.encode());
    }

    Receipt run(Bytes transaction) {
        return chain.block(List.of(transaction)).receipts().getFirst();
    }

    Committed pass() {
        return chain.block(List.of());
    }

    Member member(int slot) {
        return Members.at(chain.ledger().state(), slot).orElseThrow();
    }

    /** From now on the slot signs with this boot's key. */
    void boot(int slot, long boot) {
        chain.voteKeys.set(slot - 1, voteKey(slot, boot));
    }

    /** A statement with the last block as its base. */
    Statement statement(int slot, long boot, long recovery) {
        return statement(slot, boot, recovery, evidence(keys(slot, boot), RecoveryLeaf.of(ID, slot, recovery)));
    }

    Statement statement(int slot, long boot, long recovery, Evidence evidence) {
        Committed last = chain.committed.getLast();
        return statement(slot, boot, recovery, evidence, last);
    }

    Statement statement(int slot, long boot, long recovery, Evidence evidence, Committed last) {
        Optional<CertifiedHeader> base =
                Optional.of(new CertifiedHeader(last.block().header(), last.certificate(), List.of()));
        KeyClaim claim = Statement.claim(
                ID, 0, recovery, slot, voteKey(slot, boot).id(), boot, evidence.encode(), base, Optional.empty());
        SigningKey slotKey = chain.slotKeys.get(slot - 1);
        return new Statement(
                claim.signed(slotKey.sign(claim.digest()).recoverable()), evidence.encode(), base, Optional.empty());
    }

    /** Slots 1 to this with their second boot. */
    Opening opening(int slots, long recovery) {
        return opening(slots, 2, recovery);
    }

    /** Slots 1 to this with this boot. */
    Opening opening(int slots, long boot, long recovery) {
        return opening(IntStream.rangeClosed(1, slots)
                .mapToObj(slot -> statement(slot, boot, recovery))
                .toList());
    }

    static Opening opening(List<Statement> statements) {
        return new Opening(statements, KeyClaim.UNSIGNED);
    }
}
