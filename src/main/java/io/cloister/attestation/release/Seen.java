package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;

/**
 * What a verifier has accepted before and must never fall behind. It keeps this where an attacker cannot turn it back.
 *
 * @param securityVersion the highest of an accepted release, 0 for none, below 2^32
 * @param revocations the highest number of an accepted revocation list, 0 for none, below 2^53
 */
public record Seen(long securityVersion, long revocations) {
    /** Most bytes of the document. */
    public static final int MAX_SIZE = 1 << 10;

    /** A verifier that has accepted nothing yet. */
    public static final Seen NOTHING = new Seen(0, 0);

    private static final String FORMAT = "cloister/seen/v1";
    private static final String WHAT = "record of what was seen";

    record Document(String format, long securityVersion, long revocations) {}

    /** @throws CodecException OUT_OF_RANGE for numbers that no release and no list has */
    public Seen {
        if (securityVersion < 0
                || securityVersion > ReleaseManifest.MAX_SECURITY_VERSION
                || revocations < 0
                || revocations > RevocationList.MAX_NUMBER) {
            throw new CodecException(
                    Reason.OUT_OF_RANGE, "security version " + securityVersion + " and list " + revocations);
        }
    }

    /**
     * Reads {@code {"format","revocations","securityVersion"}}.
     *
     * @throws CodecException when this is no such document
     */
    public static Seen decode(Bytes json) {
        Document document = Documents.read(json, MAX_SIZE, Document.class, WHAT);
        Documents.requireFormat(document.format(), FORMAT);
        return new Seen(document.securityVersion(), document.revocations());
    }

    /** The document, written as RFC 8785 says. */
    public Bytes encode() {
        return Documents.canonical(new Document(FORMAT, securityVersion, revocations));
    }

    /** The higher of both in each. */
    public Seen and(Seen other) {
        return new Seen(Math.max(securityVersion, other.securityVersion), Math.max(revocations, other.revocations));
    }
}
