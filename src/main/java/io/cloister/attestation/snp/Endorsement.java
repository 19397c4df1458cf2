package io.cloister.attestation.snp;

import io.cloister.codec.Bytes;
import java.time.Instant;
import java.util.Optional;

/**
 * What a chain that verified says about the key of its leaf.
 *
 * @param line of the root that verified
 * @param chipId the significant bytes; empty for a VLEK
 * @param rootDigest SHA-256 of the root's SubjectPublicKeyInfo
 * @param simulated whether the root is a test root and not AMD's
 * @param notBefore from when all three certificates are valid
 * @param notAfter until when all three are
 */
public record Endorsement(
        ProductLine line,
        SigningKeyKind kind,
        Optional<Bytes> chipId,
        Tcb tcb,
        Bytes rootDigest,
        boolean simulated,
        Instant notBefore,
        Instant notAfter) {

    /** Whether all three certificates are valid at an instant. */
    public boolean isValidAt(Instant at) {
        return !at.isBefore(notBefore) && !at.isAfter(notAfter);
    }
}
