package io.cloister.attestation.release;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.tpm.HclReport;
import io.cloister.attestation.tpm.QuoteEvidence;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.time.Instant;
import java.util.Optional;

/**
 * What a running guest shows of itself, as it came.
 *
 * @param report 1,184 bytes, or whatever came in their place
 * @param collateral the certificates behind it
 * @param crl the root's revocation list, DER
 * @param reportData the 64 bytes that REPORT_DATA must be, where the verifier knows them
 * @param quote where the cloud owns the launch
 * @param at the moment for which certificates must be valid
 */
public record GuestEvidence(
        Bytes report,
        Collateral collateral,
        Optional<Bytes> crl,
        Optional<Bytes> reportData,
        Optional<AzureQuote> quote,
        Instant at) {
    /**
     * A quote of Azure's virtual TPM.
     *
     * @param blob the content of NV index 0x01400001, which holds the report too
     * @param nonce what the verifier chose
     * @param profile the name of the cloud in the manifest
     */
    public record AzureQuote(Bytes blob, QuoteEvidence evidence, Bytes nonce, String profile) {}

    /** A guest whose host hands out reports. */
    public static GuestEvidence ofReport(
            Bytes report, Collateral collateral, Optional<Bytes> crl, Optional<Bytes> reportData, Instant at) {
        return new GuestEvidence(report, collateral, crl, reportData, Optional.empty(), at);
    }

    /** A guest behind Azure's virtual TPM; a blob that cannot be read has a report of no bytes. */
    public static GuestEvidence ofQuote(AzureQuote quote, Collateral collateral, Optional<Bytes> crl, Instant at) {
        return new GuestEvidence(reportIn(quote.blob()), collateral, crl, Optional.empty(), Optional.of(quote), at);
    }

    private static Bytes reportIn(Bytes blob) {
        try {
            return HclReport.parse(blob).hardwareReport();
        } catch (CodecException unreadable) {
            return Bytes.EMPTY;
        }
    }
}
