package io.cloister.attestation;

import io.cloister.attestation.tpm.QuoteEvidence;
import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.SortedMap;

/**
 * SEV-SNP behind Azure's virtual TPM: the paravisor's blob holds the report, the report binds the TPM's attestation key,
 * and that key's quote binds what the guest chose.
 *
 * @param blob the content of NV index 0x01400001
 * @param collateral the certificates behind the report in it
 * @param quote over the guest's 64 bytes as extraData
 */
public record AzureEvidence(Bytes blob, Collateral collateral, QuoteEvidence quote) implements HardwareEvidence {
    /** The name of the kind. */
    public static final String KIND = "azure";

    static final int CODE = 2;

    public AzureEvidence {
        HardwareEvidence.requireReport(blob);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public SortedMap<String, Bytes> certificates() {
        return collateral.byName();
    }

    @Override
    public void encode(Writer writer) {
        writer.u8(CODE).bytes(blob);
        collateral.encode(writer);
        quote.encode(writer);
    }

    static AzureEvidence decodeBody(Reader reader) {
        return new AzureEvidence(reader.bytes(MAX_REPORT), Collateral.decode(reader), QuoteEvidence.decode(reader));
    }
}
