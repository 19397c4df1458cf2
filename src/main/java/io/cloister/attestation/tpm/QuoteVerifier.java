package io.cloister.attestation.tpm;

import io.cloister.attestation.steps.Outcome;
import io.cloister.codec.Bytes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
     * @param nonce what the verifier chose, 1 to 64 bytes; without one the step {@code quote-nonce} is skipped, and the
     *     quote may be as old as the boot
     * @param userData where given, the user data of the runtime claims must be these at most 64 bytes and zeros
     */
    public QuoteVerification verifyAzure(
            Bytes blob, QuoteEvidence evidence, Optional<Bytes> nonce, Optional<Bytes> userData) {
        return new QuoteVerificationRun(evidence, nonce).azure(blob, userData);
    }

    /** The same with a nonce, as every verifier should ask for one. */
    public QuoteVerification verifyAzure(Bytes blob, QuoteEvidence evidence, Bytes nonce, Optional<Bytes> userData) {
        return verifyAzure(blob, evidence, Optional.of(nonce), userData);
    }

    /** Whether REPORT_DATA in a blob is the hash of its runtime claims; the first step of {@link #verifyAzure} alone. */
    public Outcome azureBinding(Bytes blob, Optional<Bytes> userData) {
        return QuoteVerificationRun.azureBinding(blob, userData);
    }

    /**
     * Verifies a quote under a key that the caller vouches for, such as one that a cloud has certified.
     *
     * @param nonce as for {@link #verifyAzure}
     */
    public QuoteVerification verify(RsaKey key, QuoteEvidence evidence, Bytes nonce) {
        return new QuoteVerificationRun(evidence, Optional.of(nonce)).vouched(key);
    }

    /**
     * Verifies a quote of a virtual TPM of Google Cloud, whose key Google's certificates vouch for.
     *
     * @param chain the key's certificate first, the root's last, DER
     * @param nonce as for {@link #verifyAzure}
     * @param testRoots SHA-256 of the SubjectPublicKeyInfo of roots that are taken beside Google's, none in production
     * @param at the moment for which the certificates must be valid
     */
    public QuoteVerification verifyGoogle(
            List<Bytes> chain, QuoteEvidence evidence, Optional<Bytes> nonce, Set<Bytes> testRoots, Instant at) {
        return new QuoteVerificationRun(evidence, nonce).google(chain, testRoots, at);
    }

    /** Whether a chain that {@link #verifyGoogle} has accepted ends in Google's root, and not in a test root. */
    public boolean isGoogles(List<Bytes> chain) {
        return GoogleKeys.isGoogles(chain);
    }
}
