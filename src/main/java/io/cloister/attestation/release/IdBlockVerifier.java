package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Judges an ID block and its authentication information before a launch: whether the firmware will take them, and
 * whether they are the release's.
 */
public final class IdBlockVerifier {
    private static final List<String> NAMES = List.of(
            "id-block.format",
            "id-auth.format",
            "id-block.signature",
            "id-block.author-signature",
            "id-block.keys",
            "id-block.launch-digest",
            "id-block.guest-svn",
            "id-block.policy");

    private final Checks checks = new Checks();
    private final TreeMap<String, String> claims = new TreeMap<>();

    private IdBlockVerifier() {}

    /** Makes all checks; any bytes end in an answer. */
    public static ReleaseVerdict verify(Bytes encodedBlock, Bytes encodedAuth, ReleaseManifest release) {
        return new IdBlockVerifier().run(encodedBlock, encodedAuth, release);
    }

    /** The answer beside a release that is not accepted: nothing is judged. */
    public static ReleaseVerdict notJudged() {
        Checks checks = new Checks();
        NAMES.forEach(name -> checks.skipped(name, "the release is not accepted"));
        return ReleaseVerdict.ofDocuments(false, checks.lines(), Map.of());
    }

    private ReleaseVerdict run(Bytes encodedBlock, Bytes encodedAuth, ReleaseManifest release) {
        Optional<IdBlock> block = read("id-block.format", encodedBlock, IdBlock::decode);
        Optional<IdAuth> auth = read("id-auth.format", encodedAuth, IdAuth::decode);
        if (block.isPresent() && auth.isPresent()) {
            checks.judge(
                    "id-block.signature",
                    auth.get().signs(block.get()),
                    "ID key " + auth.get().idKey().digest().toHex());
        } else {
            checks.skipped("id-block.signature", "not readable");
        }
        auth.ifPresentOrElse(found -> checkKeys(found, release), () -> {
            checks.skipped("id-block.author-signature", "not readable");
            checks.skipped("id-block.keys", "not readable");
        });
        block.ifPresentOrElse(found -> checkBlock(found, release), () -> {
            checks.skipped("id-block.launch-digest", "not readable");
            checks.skipped("id-block.guest-svn", "not readable");
            checks.skipped("id-block.policy", "not readable");
        });
        return ReleaseVerdict.ofDocuments(checks.noneFailed(), checks.lines(), claims);
    }

    private <T> Optional<T> read(String name, Bytes encoded, Function<Bytes, T> decoder) {
        try {
            T value = decoder.apply(encoded);
            checks.passed(name, encoded.length() + " bytes");
            return Optional.of(value);
        } catch (CodecException e) {
            checks.failed(name, e.reason() + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private void checkKeys(IdAuth auth, ReleaseManifest release) {
        Bytes idKey = auth.idKey().digest();
        claims.put("idKeyDigest", idKey.toHex());
        Optional<Bytes> author = auth.author().map(by -> by.key().digest());
        author.ifPresent(digest -> claims.put("authorKeyDigest", digest.toHex()));
        if (author.isPresent()) {
            checks.judge(
                    "id-block.author-signature",
                    auth.authorSigns(),
                    "author key " + author.get().toHex());
        } else {
            checks.skipped("id-block.author-signature", "there is no author key");
        }
        boolean byAuthor = author.filter(release.authorKeys()::contains).isPresent();
        checks.judge(
                "id-block.keys",
                byAuthor || release.idKeys().contains(idKey),
                "author key " + author.map(Bytes::toHex).orElse("none") + ", ID key " + idKey.toHex());
    }

    private void checkBlock(IdBlock block, ReleaseManifest release) {
        claims.put("launchDigest", block.launchDigest().toHex());
        claims.put("guestSvn", Long.toString(block.guestSvn()));
        claims.put("policy", block.policy().toString());
        checks.judge(
                "id-block.launch-digest",
                release.launchDigests().containsValue(block.launchDigest()),
                "launch digest " + block.launchDigest().toHex());
        checks.judge(
                "id-block.guest-svn",
                block.guestSvn() == release.securityVersion(),
                "guest security version " + block.guestSvn() + ", release " + release.securityVersion());
        checks.judge(
                "id-block.policy",
                !block.policy().debugAllowed() && !block.policy().migrationAgentAllowed(),
                "policy " + block.policy() + " must allow neither debugging nor a migration agent");
    }
}
