package io.cloister.attestation.policy;

import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.VerifiedReport;
import io.cloister.attestation.tpm.VerifiedQuote;
import java.util.Optional;

/**
 * What rules judge: evidence that has passed every step of verification.
 *
 * @param kind the kind of evidence: {@code snp}, {@code azure} or {@code gcp}
 * @param hardware the genuine report
 * @param quote what a TPM has quoted, for the kinds that have one behind them
 * @param revocationKnown whether a revocation list was looked at
 */
public record Subject(String kind, VerifiedReport hardware, Optional<VerifiedQuote> quote, boolean revocationKnown) {
    AttestationReport report() {
        return hardware.report();
    }

    /** Whether the report speaks for Azure's paravisor, whose claims another level of the guest could forge. */
    boolean isBehindParavisor() {
        return kind.equals("azure");
    }

    /** Whether the cloud owns the launch, so that measured boot tells what runs and not the launch digest. */
    boolean isMeasuredBoot() {
        return quote.isPresent();
    }
}
