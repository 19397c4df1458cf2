package io.cloister.attestation.release;

import java.util.Optional;

/**
 * What {@link ReleaseVerifier} answers.
 *
 * @param manifest the release, present exactly when the verdict accepts it
 * @param seen what the verifier has to keep from now on: a genuine revocation list counts even beside a release that is
 *     not accepted
 */
public record ReleaseVerification(ReleaseVerdict verdict, Optional<ReleaseManifest> manifest, Seen seen) {}
