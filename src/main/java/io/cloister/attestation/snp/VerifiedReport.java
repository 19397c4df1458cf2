package io.cloister.attestation.snp;

import io.cloister.codec.Bytes;
import java.util.Optional;

/**
 * A report that passed every step, but that {@code revocation} may be skipped where no list was at hand: its bytes were signed by a key that AMD, or a test root which the caller named,
 * vouches for.
 *
 * @param line the product line, from the root that verified
 * @param signer which kind of key signed
 * @param provider the cloud provider that a VLEK belongs to
 * @param rootDigest SHA-256 of the root's SubjectPublicKeyInfo
 * @param simulated whether the root is a test root and not AMD's
 */
public record VerifiedReport(
        AttestationReport report,
        ProductLine line,
        SigningKeyKind signer,
        Optional<String> provider,
        Bytes rootDigest,
        boolean simulated) {

    /** The TCB version that selects the signing key. */
    public Tcb reportedTcb() {
        return Tcb.decode(line.tcbLayout(), report.reportedTcb());
    }

    /** The significant bytes of the chip id; zeros where the host masks it. */
    public Bytes chipId() {
        return report.chipId().slice(0, line.chipIdLength());
    }
}
