package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.Hashes;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Judges whether a release is one that enough maintainers signed and that may still run. The same request gives the same
 * answer everywhere; no clock is asked, so a signature never grows old, only revoked.
 */
public final class ReleaseVerifier {
    private final ReleaseRequest request;
    private final Checks checks = new Checks();
    private final TreeMap<String, String> claims = new TreeMap<>();

    private ReleaseVerifier(ReleaseRequest request) {
        this.request = request;
    }

    /** Makes all checks; any bytes end in an answer. */
    public static ReleaseVerification verify(ReleaseRequest request) {
        return new ReleaseVerifier(request).run();
    }

    private ReleaseVerification run() {
        Optional<ReleaseManifest> manifest = readManifest();
        Optional<RevocationList> list = readRevocations();
        boolean usable = list.isPresent() || request.revocations().isEmpty();
        Optional<RevocationList> counting =
                usable ? list.or(() -> request.seen().revocations()) : Optional.empty();
        checkSigners(manifest.isPresent(), usable, counting);
        manifest.ifPresentOrElse(release -> checkContent(release, usable, counting), this::skipContent);
        boolean accepted = manifest.isPresent() && checks.noneFailed();
        Seen seen = request.seen().and(new Seen(accepted ? manifest.get().securityVersion() : 0, list));
        return new ReleaseVerification(
                ReleaseVerdict.ofDocuments(accepted, checks.lines(), claims),
                accepted ? manifest : Optional.empty(),
                seen);
    }

    private Optional<ReleaseManifest> readManifest() {
        try {
            ReleaseManifest manifest = ReleaseManifest.decode(request.manifest());
            checks.passed("release.format", "release " + manifest.version());
            claims.put("version", manifest.version());
            claims.put("commit", manifest.commit().toHex());
            claims.put("warDigest", manifest.warDigest().toHex());
            claims.put("securityVersion", Long.toString(manifest.securityVersion()));
            claims.put(
                    "rungs",
                    String.join(",", manifest.rungs().stream().map(Rung::label).toList()));
            return Optional.of(manifest);
        } catch (CodecException e) {
            checks.failed("release.format", e.reason() + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    /** The list when it is genuine and takes nothing back that was revoked before. */
    private Optional<RevocationList> readRevocations() {
        if (request.revocations().isEmpty()) {
            checkThatNoneIsKnown();
            return Optional.empty();
        }
        RevocationList list;
        try {
            list = RevocationList.decode(request.revocations().get().list());
            checks.passed("revocations.format", "revocation list " + list.number());
        } catch (CodecException e) {
            checks.failed("revocations.format", e.reason() + ": " + e.getMessage());
            checks.skipped("revocations.signatures", "the list is not readable");
            checks.skipped("revocations.rollback", "the list is not readable");
            return Optional.empty();
        }
        Set<Bytes> revokedKeys = new TreeSet<>(list.keys());
        revokedKeys.addAll(request.seen().revokedKeys());
        boolean signed = checkQuorum(
                "revocations.signatures",
                SignedKind.REVOCATIONS,
                request.revocations().get().list(),
                request.revocations().get().signatures(),
                revokedKeys);
        Optional<String> fault = request.seen().revocations().flatMap(list::faultAfter);
        boolean fresh = checks.judge(
                "revocations.rollback",
                fault.isEmpty(),
                fault.orElse("list " + list.number() + ", " + request.seen().listNumber() + " seen before"));
        return signed && fresh ? Optional.of(list) : Optional.empty();
    }

    private void checkThatNoneIsKnown() {
        long before = request.seen().listNumber();
        if (before > 0) {
            checks.failed("revocations.format", "list " + before + " was seen before and none is given");
        } else {
            checks.skipped("revocations.format", "no revocation list is given and none was seen before");
        }
        checks.skipped("revocations.signatures", "no revocation list is given");
        checks.skipped("revocations.rollback", "no revocation list is given");
    }

    private void checkSigners(boolean readable, boolean usable, Optional<RevocationList> list) {
        if (!readable || !usable) {
            checks.skipped(
                    "release.signatures",
                    readable ? "the revocation list is not usable" : "the release is not readable");
            return;
        }
        checkQuorum(
                "release.signatures",
                SignedKind.RELEASE,
                request.manifest(),
                request.signatures(),
                list.<Set<Bytes>>map(RevocationList::keys).orElse(Set.of()));
    }

    private boolean checkQuorum(
            String name, SignedKind kind, Bytes document, Bytes encodedSignatures, Set<Bytes> revokedKeys) {
        try {
            ReleaseSignatures signatures = ReleaseSignatures.decode(encodedSignatures);
            Quorum quorum = new Quorum(request.maintainers(), kind, document, signatures, revokedKeys);
            if (kind == SignedKind.RELEASE) {
                claims.put("signers", String.join(",", quorum.signers()));
            }
            return checks.judge(name, quorum.reached(), quorum.detail());
        } catch (CodecException e) {
            checks.failed(name, e.reason() + ": " + e.getMessage());
            return false;
        }
    }

    private void checkContent(ReleaseManifest release, boolean usable, Optional<RevocationList> list) {
        if (list.isPresent()) {
            checks.judge(
                    "release.revoked",
                    !list.get().versions().contains(release.version()),
                    "release " + release.version() + " and revocation list "
                            + list.get().number());
            checks.judge(
                    "release.least-version",
                    release.securityVersion() >= list.get().leastSecurityVersion(),
                    "security version " + release.securityVersion() + ", least allowed "
                            + list.get().leastSecurityVersion());
        } else {
            String why = usable ? "no revocation list is given" : "the revocation list is not usable";
            checks.skipped("release.revoked", why);
            checks.skipped("release.least-version", why);
        }
        long before = request.seen().securityVersion();
        checks.judge(
                "release.rollback",
                release.securityVersion() >= before,
                "security version " + release.securityVersion() + ", " + before + " seen before");
        checkDigest("release.policy", request.policy().map(Hashes::sha256), release.policyDigest(), "policy");
        checkDigest("release.war", request.warDigest(), release.warDigest(), "WAR");
    }

    private void checkDigest(String name, Optional<Bytes> found, Bytes expected, String what) {
        if (found.isEmpty()) {
            checks.skipped(name, "no " + what + " is given");
        } else {
            checks.judge(
                    name,
                    found.get().equals(expected),
                    what + " digest " + found.get().toHex() + ", signed " + expected.toHex());
        }
    }

    private void skipContent() {
        for (String name : new String[] {
            "release.revoked", "release.least-version", "release.rollback", "release.policy", "release.war"
        }) {
            checks.skipped(name, "the release is not readable");
        }
    }
}
