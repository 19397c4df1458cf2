package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Everything that is revoked so far. A newer list has a higher number and holds what the older one held. Immutable; its
 * JSON has one form.
 *
 * @param number 1 to 2^53 - 1
 * @param keys ids of maintainers' keys, 32 bytes each
 * @param versions of releases
 * @param leastSecurityVersion 0 to 2^32 - 1: releases below it are revoked
 */
public record RevocationList(
        long number, SortedSet<Bytes> keys, SortedSet<String> versions, long leastSecurityVersion) {
    /** Most bytes of the document. */
    public static final int MAX_SIZE = 128 << 10;

    private static final int MAX_KEYS = 256;
    private static final int MAX_VERSIONS = 1024;
    private static final int ID_SIZE = 32;
    private static final long MAX_NUMBER = (1L << 53) - 1;
    private static final String FORMAT = "cloister/revocations/v1";
    private static final String WHAT = "revocation list";

    record Document(String format, long number, List<String> keys, List<String> versions, long leastSecurityVersion) {}

    public RevocationList {
        keys = Collections.unmodifiableSortedSet(new TreeSet<>(keys));
        versions = Collections.unmodifiableSortedSet(new TreeSet<>(versions));
        Documents.requireCount(keys.size(), MAX_KEYS, "revoked keys");
        Documents.requireCount(versions.size(), MAX_VERSIONS, "revoked versions");
        keys.forEach(id -> Documents.requireLength(id, ID_SIZE, "key id"));
        versions.forEach(ReleaseManifest::requireVersion);
        if (number < 1 || number > MAX_NUMBER) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a revocation list numbered " + number);
        }
        if (leastSecurityVersion < 0 || leastSecurityVersion > ReleaseManifest.MAX_SECURITY_VERSION) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a security version of " + leastSecurityVersion);
        }
    }

    /**
     * Reads the bytes that are signed.
     *
     * @throws CodecException NOT_CANONICAL when the same list would be written otherwise, else what is wrong with it
     */
    public static RevocationList decode(Bytes json) {
        RevocationList list = decodeDraft(json);
        Documents.requireCanonical(json, list.encode(), WHAT);
        return list;
    }

    /** Reads a draft: the same members in any order, with any space between them. */
    public static RevocationList decodeDraft(Bytes json) {
        return of(Documents.read(json, MAX_SIZE, Document.class, WHAT));
    }

    static RevocationList of(Document document) {
        Documents.requireFormat(document.format(), FORMAT);
        return new RevocationList(
                document.number(),
                Documents.set(document.keys(), id -> Documents.digest(id, ID_SIZE, "key id")),
                Documents.set(document.versions(), version -> Documents.present(version, WHAT)),
                document.leastSecurityVersion());
    }

    /** The bytes that are signed: RFC 8785. */
    public Bytes encode() {
        return Documents.canonical(document());
    }

    Document document() {
        return new Document(FORMAT, number, Documents.hex(keys), List.copyOf(versions), leastSecurityVersion);
    }

    /** Why this list cannot take the place of one that was accepted before; empty when it can. */
    Optional<String> faultAfter(RevocationList before) {
        if (number < before.number) {
            return Optional.of("list " + number + ", " + before.number + " seen before");
        }
        if (number == before.number) {
            return equals(before) ? Optional.empty() : Optional.of("another list of number " + number + " seen before");
        }
        boolean holdsAll = keys.containsAll(before.keys)
                && versions.containsAll(before.versions)
                && leastSecurityVersion >= before.leastSecurityVersion;
        return holdsAll
                ? Optional.empty()
                : Optional.of("list " + number + " lacks what list " + before.number + " revoked");
    }
}
