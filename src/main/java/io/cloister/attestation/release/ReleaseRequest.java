package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import java.util.Optional;

/**
 * What is asked of {@link ReleaseVerifier}. Documents are untrusted bytes; the rest is the verifier's own.
 *
 * @param manifest of the release, as it came
 * @param signatures over it, as they came
 * @param maintainers that the verifier has pinned
 * @param revocations the newest list that the verifier could get
 * @param seen what it has accepted before
 * @param policy bytes of the attestation policy that comes with the release
 * @param warDigest SHA-384 of the WAR that is at hand
 */
public record ReleaseRequest(
        Bytes manifest,
        Bytes signatures,
        Maintainers maintainers,
        Optional<SignedList> revocations,
        Seen seen,
        Optional<Bytes> policy,
        Optional<Bytes> warDigest) {
    /** A revocation list and the signatures over it, as they came. */
    public record SignedList(Bytes list, Bytes signatures) {}

    /** A request without revocations, history, policy and WAR. */
    public static ReleaseRequest of(Bytes manifest, Bytes signatures, Maintainers maintainers) {
        return new ReleaseRequest(
                manifest, signatures, maintainers, Optional.empty(), Seen.NOTHING, Optional.empty(), Optional.empty());
    }

    public ReleaseRequest withRevocations(Bytes list, Bytes listSignatures) {
        return new ReleaseRequest(
                manifest,
                signatures,
                maintainers,
                Optional.of(new SignedList(list, listSignatures)),
                seen,
                policy,
                warDigest);
    }

    public ReleaseRequest withSeen(Seen before) {
        return new ReleaseRequest(manifest, signatures, maintainers, revocations, before, policy, warDigest);
    }

    public ReleaseRequest withPolicy(Bytes document) {
        return new ReleaseRequest(
                manifest, signatures, maintainers, revocations, seen, Optional.of(document), warDigest);
    }

    public ReleaseRequest withWarDigest(Bytes digest) {
        return new ReleaseRequest(manifest, signatures, maintainers, revocations, seen, policy, Optional.of(digest));
    }
}
