package io.cloister.attestation.release;

import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a release is: the document that maintainers sign. Immutable; its JSON has one form.
 *
 * @param version such as 1.4.0 or 1.4.0-rc.1
 * @param commit the git commit, 20 or 32 bytes
 * @param warDigest SHA-384 of the WAR
 * @param images SHA-256 of disk or container images, by name
 * @param launchDigests launch digests by name of the launch (see {@link LaunchDigest})
 * @param authorKeys digests of the author keys that sign launches, 48 bytes each
 * @param idKeys digests of ID keys that are trusted without an author, 48 bytes each
 * @param boot measured boot by name of a cloud
 * @param minimumTcb what the firmware must report, by line
 * @param securityVersion 1 to 2^32 - 1; rises whenever an older release must no longer run
 * @param policyDigest SHA-256 of the attestation policy's document
 */
public record ReleaseManifest(
        String version,
        Bytes commit,
        Bytes warDigest,
        SortedMap<String, Bytes> images,
        SortedMap<String, Bytes> launchDigests,
        SortedSet<Bytes> authorKeys,
        SortedSet<Bytes> idKeys,
        SortedMap<String, BootProfile> boot,
        SortedMap<ProductLine, Tcb> minimumTcb,
        long securityVersion,
        Bytes policyDigest) {
    /** Most bytes of a manifest. */
    public static final int MAX_SIZE = 256 << 10;

    private static final Pattern VERSION = Pattern.compile("\\d{1,6}\\.\\d{1,6}\\.\\d{1,6}(-[0-9A-Za-z.-]{1,32})?");
    static final long MAX_SECURITY_VERSION = 0xffff_ffffL;
    private static final int MAX_IMAGES = 64;
    private static final int MAX_LAUNCHES = 1024;
    private static final int MAX_KEYS = 64;
    private static final int MAX_PROFILES = 16;
    private static final int SHA256 = 32;
    private static final int SHA384 = 48;
    private static final int GIT_SHA1 = 20;

    public ReleaseManifest {
        images = Collections.unmodifiableSortedMap(new TreeMap<>(images));
        launchDigests = Collections.unmodifiableSortedMap(new TreeMap<>(launchDigests));
        authorKeys = Collections.unmodifiableSortedSet(new TreeSet<>(authorKeys));
        idKeys = Collections.unmodifiableSortedSet(new TreeSet<>(idKeys));
        boot = Collections.unmodifiableSortedMap(new TreeMap<>(boot));
        minimumTcb = Collections.unmodifiableSortedMap(new TreeMap<>(minimumTcb));
        requireVersion(version);
        if (commit.length() != GIT_SHA1 && commit.length() != SHA256) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a git commit of " + commit.length() + " bytes");
        }
        Documents.requireLength(warDigest, SHA384, "WAR digest");
        Documents.requireLength(policyDigest, SHA256, "policy digest");
        requireNamed(images, MAX_IMAGES, SHA256, "images");
        requireNamed(launchDigests, MAX_LAUNCHES, SHA384, "launch digests");
        requireKeys(authorKeys);
        requireKeys(idKeys);
        Documents.requireCount(boot.size(), MAX_PROFILES, "boot profiles");
        boot.keySet().forEach(Documents::name);
        minimumTcb.forEach(ReleaseManifest::requireLayout);
        if (securityVersion < 1 || securityVersion > MAX_SECURITY_VERSION) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a security version of " + securityVersion);
        }
    }

    static void requireVersion(String version) {
        if (!VERSION.matcher(version).matches()) {
            throw new CodecException(Reason.BAD_TEXT, "not a version such as 1.4.0 or 1.4.0-rc.1");
        }
    }

    private static void requireNamed(SortedMap<String, Bytes> digests, int max, int length, String what) {
        Documents.requireCount(digests.size(), max, what);
        digests.forEach((name, digest) -> {
            Documents.name(name);
            Documents.requireLength(digest, length, "digest of " + name);
        });
    }

    private static void requireKeys(SortedSet<Bytes> digests) {
        Documents.requireCount(digests.size(), MAX_KEYS, "key digests");
        digests.forEach(Documents::requireKeyDigest);
    }

    private static void requireLayout(ProductLine line, Tcb tcb) {
        if (tcb.layout() != line.tcbLayout()) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a TCB version of another layout than " + line.title());
        }
    }

    /**
     * Reads the bytes that are signed.
     *
     * @throws CodecException NOT_CANONICAL when the same manifest would be written otherwise, UNKNOWN for another
     *     format, TOO_LONG above {@link #MAX_SIZE} or a list's limit, else what is wrong with a value
     */
    public static ReleaseManifest decode(Bytes json) {
        ReleaseManifest manifest = ManifestJson.read(json);
        Documents.requireCanonical(json, manifest.encode(), "release manifest");
        return manifest;
    }

    /**
     * Reads a draft: the same members in any order, with any space between them.
     *
     * @throws CodecException as {@link #decode} but for the form
     */
    public static ReleaseManifest decodeDraft(Bytes json) {
        return ManifestJson.read(json);
    }

    /** The bytes that are signed: RFC 8785. */
    public Bytes encode() {
        return Documents.canonical(ManifestJson.document(this));
    }

    /** The rungs that a guest of this release can stand on. */
    public Set<Rung> rungs() {
        Set<Rung> rungs = EnumSet.noneOf(Rung.class);
        if (!launchDigests.isEmpty() && !(authorKeys.isEmpty() && idKeys.isEmpty())) {
            rungs.add(Rung.HARDWARE_ID_BLOCK);
        }
        if (!boot.isEmpty()) {
            rungs.add(Rung.MEASURED_BOOT);
        }
        return rungs;
    }

    /** The manifest for people: the same members, indented. */
    public String show() {
        return Documents.pretty(ManifestJson.document(this));
    }
}
