package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a verifier has accepted before and must never fall behind. It keeps this where an attacker cannot turn it back.
 *
 * @param securityVersion the highest of an accepted release, 0 for none, below 2^32
 * @param revocations the newest accepted revocation list, which holds everything that was revoked so far
 */
public record Seen(long securityVersion, Optional<RevocationList> revocations) {
    /** Most bytes of the document. */
    public static final int MAX_SIZE = RevocationList.MAX_SIZE + (1 << 10);

    /** A verifier that has accepted nothing yet. */
    public static final Seen NOTHING = new Seen(0, Optional.empty());

    private static final String FORMAT = "cloister/seen/v1";
    private static final String WHAT = "record of what was seen";

    record Document(String format, long securityVersion, List<RevocationList.Document> revocations) {}

    /** @throws CodecException OUT_OF_RANGE for a security version that no release has */
    public Seen {
        if (securityVersion < 0 || securityVersion > ReleaseManifest.MAX_SECURITY_VERSION) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a security version of " + securityVersion);
        }
    }

    /**
     * Reads {@code {"format","revocations","securityVersion"}}; the second is a list with one revocation list or none.
     *
     * @throws CodecException when this is no such document
     */
    public static Seen decode(Bytes json) {
        Document document = Documents.read(json, MAX_SIZE, Document.class, WHAT);
        Documents.requireFormat(document.format(), FORMAT);
        Documents.requireCount(document.revocations().size(), 1, "revocation lists");
        return new Seen(
                document.securityVersion(),
                document.revocations().stream()
                        .map(list -> RevocationList.of(Documents.present(list, WHAT)))
                        .findFirst());
    }

    /** The document, written as RFC 8785 says. */
    public Bytes encode() {
        return Documents.canonical(new Document(
                FORMAT,
                securityVersion,
                revocations.stream().map(RevocationList::document).toList()));
    }

    /** The number of the newest accepted revocation list, 0 for none. */
    long listNumber() {
        return revocations.map(RevocationList::number).orElse(0L);
    }

    /** Ids of the keys that were revoked so far. */
    Set<Bytes> revokedKeys() {
        return revocations.<Set<Bytes>>map(RevocationList::keys).orElse(Set.of());
    }

    /** The higher security version and the list of the higher number. */
    public Seen and(Seen other) {
        return new Seen(
                Math.max(securityVersion, other.securityVersion),
                other.listNumber() > listNumber() ? other.revocations : revocations);
    }
}
