package io.cloister.attestation;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.SortedMap;

/**
 * A SEV-SNP report whose REPORT_DATA the guest itself chose: own hosts, and clouds that give the guest device.
 *
 * @param report 1184 bytes when it is one
 * @param collateral the certificates behind it
 */
public record SnpEvidence(Bytes report, Collateral collateral) implements HardwareEvidence {
    /** The name of the kind. */
    public static final String KIND = "snp";

    static final int CODE = 1;

    public SnpEvidence {
        HardwareEvidence.requireReport(report);
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
        writer.u8(CODE).bytes(report);
        collateral.encode(writer);
    }

    static SnpEvidence decodeBody(Reader reader) {
        return new SnpEvidence(reader.bytes(MAX_REPORT), Collateral.decode(reader));
    }
}
