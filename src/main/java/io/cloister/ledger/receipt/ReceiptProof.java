package io.cloister.ledger.receipt;

import io.cloister.attestation.Check;
import io.cloister.attestation.Check.Result;
import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.Header;
import io.cloister.consensus.ValidatorSet;
import io.cloister.crypto.MerkleTree;
import io.cloister.ledger.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A receipt, its way to the header's receipts root, and the certificate of that header.
 *
 * @param validators the set that the header names; who they are is for {@link ValidatorEvidence} to say
 */
public record ReceiptProof(
        Receipt receipt, MerkleTree.Path path, Header header, Certificate certificate, ValidatorSet validators) {

    /** What can be said from the proof alone, in the order of checking. */
    public List<Check> check() {
        List<Check> checks = new ArrayList<>();
        boolean placed = receipt.height() == header.height() && path.index() == receipt.index();
        boolean leads = placed && path.proves(receipt.encode(), header.receiptsRoot());
        checks.add(
                leads
                        ? new Check("receipt", Result.PASSED, "leaf " + path.index() + " of block " + header.height())
                        : new Check("receipt", Result.FAILED, "the path does not lead to the header's receipts root"));
        Optional<Certificate.Flaw> flaw = certificate.flaw(header, validators);
        checks.add(flaw.map(f -> new Check("certificate", Result.FAILED, f.name()))
                .orElseGet(() -> new Check(
                        "certificate",
                        Result.PASSED,
                        certificate.signatures().size() + " of " + validators.size() + " validators signed")));
        return checks;
    }

    public Bytes encodePath() {
        return written(path::encode);
    }

    public Bytes encodeHeader() {
        return written(header::encode);
    }

    /**
     * Reads the five parts from their binary forms.
     *
     * @throws io.cloister.codec.CodecException when one of them is malformed
     */
    public static ReceiptProof decode(Bytes receipt, Bytes path, Bytes header, Bytes certificate, Bytes validators) {
        return new ReceiptProof(
                Receipt.decode(receipt),
                whole(path, MerkleTree.Path::decode),
                whole(header, Header::decode),
                whole(certificate, Certificate::decode),
                whole(validators, ValidatorSet::decode));
    }

    private static Bytes written(Consumer<Writer> encoder) {
        Writer out = new Writer();
        encoder.accept(out);
        return out.toBytes();
    }

    private static <T> T whole(Bytes encoded, Function<Reader, T> decoder) {
        Reader in = new Reader(encoded);
        T value = decoder.apply(in);
        in.end();
        return value;
    }
}
