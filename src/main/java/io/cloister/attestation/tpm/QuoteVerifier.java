package io.cloister.attestation.tpm;

import io.cloister.codec.Bytes;
import java.util.Optional;

/**
 * Verifies that a quote was made by a TPM's attestation key, freshly, over exactly the PCR values claimed. Stateless and
 * thread-safe; never throws for any bytes. Whether the values are the right ones is for a policy to say.
 */
public final class QuoteVerifier {
    /**
     * Verifies a quote of Azure's virtual TPM. Its key is taken from the blob and from nowhere else. The hardware report
     * in the blob is not looked at beyond REPORT_DATA: the quote is worth nothing until {@code snp.SnpVerifier} has
     * accepted {@link HclReport#hardwareReport()} of the same blob.
     *
     * @param blob the content of NV index 0x01400001
     * @param nonce what the verifier chose, 1 to 64 bytes; a quote is never verified without one
     * @param userData where given, the user data of the runtime claims must be these at most 64 bytes and zeros
     */
    public QuoteVerification verifyAzure(Bytes blob, QuoteEvidence evidence, Bytes nonce, Optional<Bytes> userData) {
        return new QuoteVerificationRun(evidence, nonce).azure(blob, userData);
    }

    /**
     * Verifies a quote under a key that the caller vouches for, such as one that a cloud has certified.
     *
     * @param nonce as for {@link #verifyAzure}
     */
    public QuoteVerification verify(RsaKey key, QuoteEvidence evidence, Bytes nonce) {
        return new QuoteVerificationRun(evidence, nonce).vouched(key);
    }
}
