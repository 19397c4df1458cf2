package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.util.Optional;

/**
 * What the release commands do, on the bytes of files. Whatever is wrong with a file that the maintainer gives is a
 * {@link CodecException}; what is wrong with a release under judgement is in the verdict.
 */
public final class ReleaseTool {
    private ReleaseTool() {}

    /** A document in the bytes that were signed, and the file of signatures over it. */
    public record Signed(Bytes document, Bytes signatures) {}

    /**
     * Signs a release, or adds a signature to it.
     *
     * @param draft the manifest in any JSON form
     * @param signatures what others have signed already
     */
    public static Signed sign(Bytes draft, Optional<Bytes> signatures, MaintainerSecret secret) {
        return sign(ReleaseManifest.decodeDraft(draft).encode(), SignedKind.RELEASE, signatures, secret);
    }

    /** Signs a revocation list, or adds a signature to it. */
    public static Signed signRevocations(Bytes draft, Optional<Bytes> signatures, MaintainerSecret secret) {
        return sign(RevocationList.decodeDraft(draft).encode(), SignedKind.REVOCATIONS, signatures, secret);
    }

    private static Signed sign(Bytes document, SignedKind kind, Optional<Bytes> signatures, MaintainerSecret secret) {
        ReleaseSignatures before = signatures.map(ReleaseSignatures::decode).orElse(ReleaseSignatures.NONE);
        return new Signed(document, before.signedBy(secret, kind, document).encode());
    }

    /** Judges a release. */
    public static ReleaseVerification verify(ReleaseRequest request) {
        return ReleaseVerifier.verify(request);
    }

    /**
     * A document of a release for people, unverified: manifest, signatures, maintainers, revocation list, what was seen,
     * ID block, ID authentication, or a public key in DER.
     *
     * @throws CodecException UNKNOWN when it is none of them, else what is wrong with it
     */
    public static String show(Bytes document) {
        return ReleaseText.of(document);
    }
}
