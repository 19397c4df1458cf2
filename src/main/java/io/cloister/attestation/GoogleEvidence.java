package io.cloister.attestation;

import io.cloister.attestation.snp.SnpCertificate;
import io.cloister.attestation.tpm.QuoteEvidence;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * SEV-SNP on Google Cloud: report and quote bind the same 64 bytes. Google's own certificates vouch for the TPM's key, so
 * what the quote says of the boot is the cloud's word.
 *
 * @param report 1184 bytes when it is one
 * @param collateral the certificates behind it
 * @param quote over the same 64 bytes as extraData
 * @param keyCertificates the attestation key's certificate, then its issuers up to the root; at most 4, DER
 */
public record GoogleEvidence(Bytes report, Collateral collateral, QuoteEvidence quote, List<Bytes> keyCertificates)
        implements HardwareEvidence {
    /** The name of the kind. */
    public static final String KIND = "gcp";

    static final int CODE = 3;
    private static final int MAX_CERTIFICATES = 4;

    public GoogleEvidence {
        keyCertificates = List.copyOf(keyCertificates);
        HardwareEvidence.requireReport(report);
        if (keyCertificates.size() > MAX_CERTIFICATES
                || keyCertificates.stream().anyMatch(der -> der.length() > SnpCertificate.MAX_SIZE)) {
            throw new CodecException(Reason.TOO_LONG, "at most 4 certificates of 8 KiB stand behind a TPM's key");
        }
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public SortedMap<String, Bytes> certificates() {
        TreeMap<String, Bytes> named = new TreeMap<>(collateral.byName());
        for (int i = 0; i < keyCertificates.size(); i++) {
            named.put("attestationKey" + i, keyCertificates.get(i));
        }
        return named;
    }

    @Override
    public void encode(Writer writer) {
        writer.u8(CODE).bytes(report);
        collateral.encode(writer);
        quote.encode(writer);
        writer.list(keyCertificates, Writer::bytes);
    }

    static GoogleEvidence decodeBody(Reader reader) {
        return new GoogleEvidence(
                reader.bytes(MAX_REPORT),
                Collateral.decode(reader),
                QuoteEvidence.decode(reader),
                reader.list(MAX_CERTIFICATES, r -> r.bytes(SnpCertificate.MAX_SIZE)));
    }
}
