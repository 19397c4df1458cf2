/**
 * Quotes of a TPM 2.0, most often a cloud's virtual one, and what they are bound to: Azure's blob of report and runtime
 * claims, TPMS_ATTEST, PCR values, TCG event logs, and a client that marshals TPM commands for a {@code TpmTransport}.
 *
 * <p>A pure core: bytes come in, a {@code QuoteVerification} goes out. It opens no device and reads no clock; the
 * transports are in {@code io.cloister.attestation.platform}. It never judges whether PCR values are the right ones.
 * Sources: TCG TPM 2.0 Library parts 2 and 3, TCG PC Client Platform Firmware Profile; described in {@code
 * docs/tpm.md}.
 */
@NullMarked
package io.cloister.attestation.tpm;

import org.jspecify.annotations.NullMarked;
