package io.cloister.attestation.release;

/**
 * What a verifier has accepted before and must never fall behind. It keeps this where an attacker cannot turn it back.
 *
 * @param securityVersion the highest of an accepted release, 0 for none
 * @param revocations the highest number of an accepted revocation list, 0 for none
 */
public record Seen(long securityVersion, long revocations) {
    /** A verifier that has accepted nothing yet. */
    public static final Seen NOTHING = new Seen(0, 0);

    /** The higher of both in each. */
    Seen and(long otherSecurityVersion, long otherRevocations) {
        return new Seen(Math.max(securityVersion, otherSecurityVersion), Math.max(revocations, otherRevocations));
    }
}
