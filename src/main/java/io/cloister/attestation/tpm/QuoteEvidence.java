package io.cloister.attestation.tpm;

import io.cloister.codec.Bytes;

/**
 * A quote and what it is about, as the other side sent it.
 *
 * @param quote TPMS_ATTEST
 * @param signature RSASSA-PKCS1-v1_5 alone, as long as the key's modulus
 * @param pcrs the PCR values claimed
 * @param eventLog a TCG log, empty where none was sent
 */
public record QuoteEvidence(Bytes quote, Bytes signature, PcrValues pcrs, Bytes eventLog) {}
