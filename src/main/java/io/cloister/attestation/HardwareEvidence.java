package io.cloister.attestation;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.SortedMap;

/**
 * What a platform says of the guest that runs on it, by kind. Callers carry it and hand it to {@link EvidenceVerifier};
 * nobody else needs to know the kinds, so a further one (a TDX or SGX quote, a Nitro document) is a new record here, its
 * code in {@link #decode} and its way of being examined.
 */
public sealed interface HardwareEvidence permits SnpEvidence, AzureEvidence, GoogleEvidence {
    /** Bytes of any report or blob, at most. */
    int MAX_REPORT = 16 * 1024;

    /** The name of the kind in verdicts and documents: {@code snp}, {@code azure} or {@code gcp}. */
    String kind();

    /** The certificates in it by their names, DER, for people and stores. */
    SortedMap<String, Bytes> certificates();

    /** A u8 for the kind, then what the kind says. */
    void encode(Writer writer);

    /** @throws CodecException UNKNOWN for another kind, and the codec's own reasons */
    static HardwareEvidence decode(Reader reader) {
        int code = reader.u8();
        return switch (code) {
            case SnpEvidence.CODE -> SnpEvidence.decodeBody(reader);
            case AzureEvidence.CODE -> AzureEvidence.decodeBody(reader);
            case GoogleEvidence.CODE -> GoogleEvidence.decodeBody(reader);
            default -> throw new CodecException(Reason.UNKNOWN, "evidence of kind " + code + " is not known");
        };
    }

    /** @throws CodecException TOO_LONG */
    static void requireReport(Bytes report) {
        if (report.length() > MAX_REPORT) {
            throw new CodecException(Reason.TOO_LONG, "a report of " + report.length() + " bytes");
        }
    }
}
