package io.cloister.attestation.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.attestation.StrictJson;
import io.cloister.attestation.snp.GuestPolicy;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.Hashes;
import java.util.List;
import java.util.StringJoiner;

/** Documents of releases for people. Nothing that they say is verified. */
final class ReleaseText {
    private static final int ED25519_INFO = 44;
    private static final int P384_INFO = 120;

    private ReleaseText() {}

    static String of(Bytes document) {
        if (document.startsWith(Bytes.utf8("{"))) {
            return ofJson(document);
        }
        return switch (document.length()) {
            case IdBlock.SIZE -> text(IdBlock.decode(document));
            case IdAuth.SIZE -> text(IdAuth.decode(document));
            case ED25519_INFO -> text(MaintainerKey.ofInfo(document));
            case P384_INFO ->
                text(
                        "key of launches",
                        "digest " + SnpPublicKey.ofInfo(document).digest().toHex());
            case 0 -> throw new CodecException(Reason.TRUNCATED, "an empty file");
            default -> ofJson(document);
        };
    }

    private static String ofJson(Bytes document) {
        return switch (format(document)) {
            case "cloister/release/v1" -> {
                ReleaseManifest manifest = ReleaseManifest.decodeDraft(document);
                yield signed("release manifest", document, manifest.encode(), manifest.show());
            }
            case "cloister/revocations/v1" -> {
                RevocationList list = RevocationList.decodeDraft(document);
                yield signed("revocation list", document, list.encode(), pretty(list.encode()));
            }
            case "cloister/signatures/v1" -> text(ReleaseSignatures.decode(document));
            case "cloister/maintainers/v1" -> text(Maintainers.decode(document));
            case "cloister/seen/v1" -> text(Seen.decode(document));
            default -> throw new CodecException(Reason.UNKNOWN, "a document of a format that no release has");
        };
    }

    private static String format(Bytes document) {
        if (document.length() > ReleaseManifest.MAX_SIZE) {
            throw new CodecException(Reason.TOO_LONG, "a document of " + document.length() + " bytes");
        }
        return tree(document).path("format").asText();
    }

    private static JsonNode tree(Bytes document) {
        try {
            return StrictJson.MAPPER.readTree(document.asUtf8());
        } catch (JsonProcessingException e) {
            throw new CodecException(Reason.BAD_TEXT, "no document of a release: " + StrictJson.why(e), e);
        }
    }

    private static String pretty(Bytes document) {
        return Documents.pretty(tree(document));
    }

    private static String signed(String what, Bytes found, Bytes canonical, String content) {
        String form = found.equals(canonical)
                ? "SHA-256 " + Hashes.sha256(canonical).toHex()
                : "a draft: signing brings it into its one form, with SHA-256 "
                        + Hashes.sha256(canonical).toHex();
        return text(what, form, content);
    }

    private static String text(ReleaseSignatures signatures) {
        List<String> signers = signatures.entries().stream()
                .map(entry -> "key id " + entry.keyId().toHex())
                .toList();
        return text(
                signers.size() + (signers.size() == 1 ? " signature" : " signatures"), signers.toArray(String[]::new));
    }

    private static String text(Maintainers maintainers) {
        List<String> keys = maintainers.keys().stream()
                .map(key -> "key id " + key.id().toHex() + ", key " + key.raw().toHex())
                .toList();
        return text(
                maintainers.threshold() + " of " + keys.size() + " maintainers sign a release",
                keys.toArray(String[]::new));
    }

    private static String text(MaintainerKey key) {
        return text(
                "key of a maintainer",
                "key id " + key.id().toHex(),
                "key    " + key.raw().toHex());
    }

    private static String text(Seen seen) {
        return text(
                "what a verifier has accepted",
                "security version " + seen.securityVersion(),
                "revocation list  "
                        + seen.revocations().map(list -> pretty(list.encode())).orElse("none"));
    }

    private static String text(IdBlock block) {
        GuestPolicy policy = block.policy();
        return text(
                "ID block",
                "launch digest    " + block.launchDigest().toHex(),
                "family id        " + block.familyId().toHex(),
                "image id         " + block.imageId().toHex(),
                "guest SVN        " + block.guestSvn(),
                "policy           " + policy + ", ABI " + policy.abiMajor() + "." + policy.abiMinor()
                        + (policy.smtAllowed() ? ", SMT allowed" : "")
                        + (policy.debugAllowed() ? ", debugging allowed" : "")
                        + (policy.migrationAgentAllowed() ? ", migration agent allowed" : "")
                        + (policy.singleSocketRequired() ? ", one socket" : ""));
    }

    private static String text(IdAuth auth) {
        return text(
                "ID authentication information",
                "ID key digest     " + auth.idKey().digest().toHex(),
                "author key digest "
                        + auth.author()
                                .map(by -> by.key().digest().toHex()
                                        + (auth.authorSigns() ? ", signed the ID key" : ", did NOT sign the ID key"))
                                .orElse("none"));
    }

    private static String text(String title, String... lines) {
        StringJoiner text = new StringJoiner("\n");
        text.add(title);
        for (String line : lines) {
            text.add("  " + line.replace("\n", "\n  "));
        }
        return text.toString();
    }
}
