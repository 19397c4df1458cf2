package io.cloister.consensus.store;

import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.CommitSignature;
import io.cloister.consensus.Header;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Limits;
import io.cloister.vault.store.LoadedRow;
import java.util.List;

/** The columns round, block_id, header and signatures, which {@code certificate} and {@code chain_base} share. */
final class CertificateRow {
    private CertificateRow() {}

    /** The values of these columns behind those of the ones before them. */
    static Object[] values(CertifiedHeader certified, Object... before) {
        Certificate certificate = certified.certificate();
        Writer signatures = new Writer().u64(certificate.epoch());
        signatures.list(certificate.signatures(), (w, signature) -> signature.encode(w));
        signatures.list(certified.keys(), (w, claim) -> claim.encode(w));
        Object[] values = new Object[before.length + 4];
        System.arraycopy(before, 0, values, 0, before.length);
        values[before.length] = certificate.round();
        values[before.length + 1] = certificate.blockId();
        values[before.length + 2] = certified.header().encode();
        values[before.length + 3] = signatures.toBytes();
        return values;
    }

    static CertifiedHeader read(LoadedRow row) {
        Reader headerReader = new Reader(row.bytes("header"));
        Header header = Header.decode(headerReader);
        headerReader.end();
        Reader signatures = new Reader(row.bytes("signatures"));
        long epoch = signatures.u64();
        List<CommitSignature> list = signatures.list(Limits.VALIDATORS, CommitSignature::decode);
        List<KeyClaim> keys = signatures.list(Limits.VALIDATORS, KeyClaim::decode);
        signatures.end();
        Certificate certificate =
                new Certificate(epoch, header.height(), row.integer("round"), row.bytes("block_id"), list);
        return new CertifiedHeader(header, certificate, keys);
    }
}
