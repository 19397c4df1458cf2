package io.cloister.ledger.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.attestation.Check;
import io.cloister.attestation.Check.Result;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Policy;
import io.cloister.attestation.TestChips;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CommitSignature;
import io.cloister.consensus.Header;
import io.cloister.consensus.ValidatorSet;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.MerkleTree;
import io.cloister.ledger.Committed;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.TestBlocks;
import io.cloister.ledger.TestChain;
import io.cloister.ledger.membership.Members;
import io.cloister.ledger.membership.MembershipModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReceiptProofTest {
    private static final String ID = "receipt-test";

    private final TestChain chain = new TestChain(ID, TestChips.AT.toEpochMilli());
    private final ReceiptProof proof = proof();

    private ReceiptProof proof() {
        Policy policy = Policy.devnet(List.of(), List.of());
        chain.start(
                List.of(new MembershipModule(chain.founders(), policy, new EvidenceVerifier(), List.of())), Map.of());
        Committed committed = chain.block(List.of(
                chain.transaction(1, Members.MODULE, 1, Bytes.EMPTY),
                chain.transaction(2, Members.MODULE, 1, Bytes.EMPTY)));
        List<Bytes> leaves = committed.receipts().stream().map(Receipt::encode).toList();
        return new ReceiptProof(
                committed.receipts().get(1),
                MerkleTree.path(leaves, 1),
                committed.block().header(),
                committed.certificate(),
                chain.validators());
    }

    private static Result result(List<Check> checks, String name) {
        return checks.stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow()
                .result();
    }

    private static void fails(String name, ReceiptProof bad) {
        assertThat(result(bad.check(), name)).isEqualTo(Result.FAILED);
    }

    private ReceiptProof with(Receipt receipt, MerkleTree.Path path, Header header, Certificate certificate) {
        return new ReceiptProof(receipt, path, header, certificate, proof.validators());
    }

    @Test
    void provesAReceiptUnderACertifiedHeader() {
        assertThat(proof.check()).extracting(Check::name).containsExactly("receipt", "certificate");
        assertThat(proof.check()).allMatch(c -> c.result() == Result.PASSED);
        ReceiptProof read = ReceiptProof.decode(
                proof.receipt().encode(),
                proof.encodePath(),
                proof.encodeHeader(),
                proof.certificate().encode(),
                proof.validators().encode());
        assertThat(read).isEqualTo(proof);
        Bytes longer = Bytes.concat(proof.encodePath(), Bytes.zeros(1));
        assertThatThrownBy(() -> ReceiptProof.decode(
                        proof.receipt().encode(),
                        longer,
                        proof.encodeHeader(),
                        proof.certificate().encode(),
                        proof.validators().encode()))
                .isInstanceOf(CodecException.class);
    }

    @Test
    void refusesAnotherReceiptInItsPlace() {
        Receipt good = proof.receipt();
        Receipt success = new Receipt(
                good.height(), good.index(), good.transactionHash(), good.module(), good.kind(), "", good.events());
        assertThat(good.succeeded()).isFalse();
        fails("receipt", with(success, proof.path(), proof.header(), proof.certificate()));
    }

    @Test
    void refusesATamperedPathAndAnotherPlace() {
        MerkleTree.Path path = proof.path();
        List<Bytes> siblings = new ArrayList<>(path.siblings());
        siblings.set(0, Hashes.sha256(siblings.getFirst()));
        fails(
                "receipt",
                with(
                        proof.receipt(),
                        new MerkleTree.Path(path.index(), path.size(), siblings),
                        proof.header(),
                        proof.certificate()));
        fails(
                "receipt",
                with(
                        proof.receipt(),
                        new MerkleTree.Path(0, path.size(), path.siblings()),
                        proof.header(),
                        proof.certificate()));
    }

    @Test
    void refusesATamperedHeader() {
        Header other = TestBlocks.later(proof.header());
        fails("certificate", with(proof.receipt(), proof.path(), other, proof.certificate()));
    }

    @Test
    void refusesACertificateWithoutQuorumOrWithAForgedSignature() {
        Certificate two = chain.certificate(proof.header(), 1, 2);
        fails("certificate", with(proof.receipt(), proof.path(), proof.header(), two));
        Certificate three = chain.certificate(proof.header(), 1, 2, 3);
        List<CommitSignature> swapped = new ArrayList<>(three.signatures());
        swapped.set(2, new CommitSignature(3, swapped.get(1).signature()));
        Certificate forged = new Certificate(three.epoch(), three.height(), 0, three.blockId(), swapped);
        fails("certificate", with(proof.receipt(), proof.path(), proof.header(), forged));
    }

    @Test
    void refusesAnotherValidatorSet() {
        ValidatorSet others = new TestChain("others", 1).validators();
        fails(
                "certificate",
                new ReceiptProof(proof.receipt(), proof.path(), proof.header(), proof.certificate(), others));
    }
}
