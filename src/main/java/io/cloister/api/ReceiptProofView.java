package io.cloister.api;

import io.cloister.codec.Bytes;
import io.cloister.consensus.ValidatorSet;
import io.cloister.crypto.MerkleTree;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.receipt.ReceiptProof;
import java.util.List;

/** The five parts of a receipt's proof in binary form, as hex. */
record ReceiptProofView(String receipt, String path, String header, String certificate, String validators) {

    /** @param validators who decided the entry's block */
    static ReceiptProofView of(Receipt receipt, ChainIndex.Entry entry, ValidatorSet validators) {
        List<Bytes> leaves = entry.receipts().stream().map(Receipt::encode).toList();
        ReceiptProof proof = new ReceiptProof(
                receipt, MerkleTree.path(leaves, receipt.index()), entry.header(), entry.certificate(), validators);
        return new ReceiptProofView(
                proof.receipt().encode().to0x(),
                proof.encodePath().to0x(),
                proof.encodeHeader().to0x(),
                proof.certificate().encode().to0x(),
                proof.validators().encode().to0x());
    }
}
