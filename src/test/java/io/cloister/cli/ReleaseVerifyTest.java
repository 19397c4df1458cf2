package io.cloister.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.release.IdAuth;
import io.cloister.attestation.release.Releases;
import io.cloister.attestation.release.RevocationList;
import io.cloister.codec.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReleaseVerifyTest {
    @TempDir
    private Path folder;

    private ReleaseFiles files;

    @BeforeEach
    void makeRelease() {
        files = new ReleaseFiles(folder);
    }

    private static void onlyFailure(Ran ran, String name) {
        ran.endsWith(1);
        assertThat(ran.json().path("verdict").asText()).isEqualTo("rejected");
        assertThat(ran.checks("failed")).containsExactly(name);
    }

    @Test
    void acceptsWhatEnoughMaintainersSigned() {
        files.revocations(ReleaseFiles.list(1), ReleaseFiles.FIRST, ReleaseFiles.THIRD);
        Ran ran = files.verifyWithList("--war", files.path("war"), "--policy", files.path("policy.json"))
                .endsWith(0);

        assertThat(ran.json().path("verdict").asText()).isEqualTo("accepted");
        assertThat(ran.json().has("grade")).isFalse();
        assertThat(ran.checks("passed")).hasSize(10).contains("release.war", "release.policy", "release.signatures");
        assertThat(ran.json().path("claims").path("version").asText()).isEqualTo("1.4.0");
    }

    @Test
    void namesBothRungsEvenWhereNoGuestIsJudged() {
        Ran ran = files.verify().endsWith(0);
        Ran text = Ran.release(
                        "verify",
                        "--manifest",
                        files.path("release.json"),
                        "--signatures",
                        files.path("release.signatures"),
                        "--maintainers",
                        files.path("maintainers.json"))
                .endsWith(0);

        assertThat(ran.json().path("claims").path("rung").asText()).isEqualTo("none");
        assertThat(ran.json().path("claims").path("rungs").asText()).isEqualTo("hardware-id-block,measured-boot");
        assertThat(text.said())
                .startsWith("release 1.4.0, security version 7\n")
                .contains("  passed   release.signatures: 2 signers of 2 needed")
                .contains("rung hardware-id-block not judged: no report is given\n")
                .contains("rung measured-boot not judged: no report is given\n")
                .endsWith("accepted\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"format\":\"cloister/release/v1\"}", "\u0000\u0001"})
    void rejectsAGarbledManifestByItsFormat(String garbled) {
        files.write("release.json", Bytes.utf8(garbled));

        onlyFailure(files.verify(), "release.format");
    }

    @Test
    void rejectsAnotherFormOfTheSameRelease() {
        files.write("release.json", Bytes.utf8(Releases.manifest().show()));

        onlyFailure(files.verify(), "release.format");
    }

    @Test
    void rejectsTooFewSigners() {
        files.release(Releases.manifest(), ReleaseFiles.FIRST);
        onlyFailure(files.verify(), "release.signatures");

        files.release(Releases.manifest(), ReleaseFiles.FIRST, Releases.STRANGER);
        onlyFailure(files.verify(), "release.signatures");

        files.write("release.signatures", Bytes.utf8("garbled"));
        onlyFailure(files.verify(), "release.signatures");
    }

    @Test
    void takesAnyTwoOfThree() {
        files.release(Releases.manifest(), ReleaseFiles.SECOND, ReleaseFiles.THIRD);
        files.verify().endsWith(0);

        files.release(Releases.manifest(), ReleaseFiles.THIRD, ReleaseFiles.FIRST);
        files.verify().endsWith(0);
    }

    @Test
    void rejectsAManifestThatWasChangedAfterSigning() {
        files.write("release.json", Releases.manifest("1.4.1", 7).encode());

        onlyFailure(files.verify(), "release.signatures");
    }

    @Test
    void rejectsWhatIsRevoked() {
        files.revocations(
                new RevocationList(1, new TreeSet<>(), new TreeSet<>(Set.of("1.4.0")), 0),
                ReleaseFiles.FIRST,
                ReleaseFiles.SECOND);
        onlyFailure(files.verifyWithList(), "release.revoked");

        files.revocations(
                new RevocationList(1, new TreeSet<>(), new TreeSet<>(), 8), ReleaseFiles.FIRST, ReleaseFiles.SECOND);
        onlyFailure(files.verifyWithList(), "release.least-version");

        TreeSet<Bytes> second =
                new TreeSet<>(Set.of(ReleaseFiles.SECOND.publicKey().id()));
        files.revocations(new RevocationList(1, second, new TreeSet<>(), 0), ReleaseFiles.FIRST, ReleaseFiles.THIRD);
        onlyFailure(files.verifyWithList(), "release.signatures");
    }

    @Test
    void rejectsARevocationListThatIsNotGenuine() {
        files.revocations(ReleaseFiles.list(1), ReleaseFiles.FIRST);
        onlyFailure(files.verifyWithList(), "revocations.signatures");

        files.write("revocations.json", Bytes.utf8("{}"));
        onlyFailure(files.verifyWithList(), "revocations.format");
    }

    @Test
    void rejectsAnotherWarAndAnotherPolicy() {
        files.write("war", Bytes.utf8("another"));
        onlyFailure(files.verify("--war", files.path("war")), "release.war");

        files.write("policy.json", Bytes.concat(Releases.POLICY, Bytes.utf8("\n")));
        onlyFailure(files.verify("--policy", files.path("policy.json")), "release.policy");
    }

    @Test
    void refusesARollbackOverRuns() {
        Path seen = files.path("seen.json");
        files.verify("--seen", seen).endsWith(0);

        files.release(Releases.manifest("1.5.0", 8), ReleaseFiles.FIRST, ReleaseFiles.SECOND);
        files.verify("--seen", seen).endsWith(0);
        files.verify("--seen", seen).endsWith(0);

        files.release(Releases.manifest(), ReleaseFiles.FIRST, ReleaseFiles.SECOND);
        onlyFailure(files.verify("--seen", seen), "release.rollback");
        onlyFailure(files.verify("--seen", seen), "release.rollback");
        files.verify().endsWith(0);
        assertThat(files.read("seen.json").asUtf8())
                .isEqualTo("{\"format\":\"cloister/seen/v1\",\"revocations\":[],\"securityVersion\":8}");
    }

    @Test
    void refusesAnOlderRevocationListAndALackOfOneOverRuns() {
        Path seen = files.path("seen.json");
        files.revocations(ReleaseFiles.list(6), ReleaseFiles.FIRST, ReleaseFiles.SECOND);
        files.verifyWithList("--seen", seen).endsWith(0);

        files.revocations(ReleaseFiles.list(5), ReleaseFiles.FIRST, ReleaseFiles.SECOND);
        onlyFailure(files.verifyWithList("--seen", seen), "revocations.rollback");
        onlyFailure(files.verify("--seen", seen), "revocations.format");
    }

    @Test
    void aNewerListBringsNoRevokedMaintainerBackOverRuns() {
        Path seen = files.path("seen.json");
        TreeSet<Bytes> first = Releases.set(ReleaseFiles.FIRST.publicKey().id());
        files.release(Releases.manifest(), ReleaseFiles.SECOND, ReleaseFiles.THIRD);
        files.revocations(new RevocationList(1, first, new TreeSet<>(), 0), ReleaseFiles.SECOND, ReleaseFiles.THIRD);
        files.verifyWithList("--seen", seen).endsWith(0);
        Bytes kept = files.read("seen.json");

        files.release(Releases.manifest(), ReleaseFiles.FIRST, ReleaseFiles.SECOND);
        files.revocations(ReleaseFiles.list(2), ReleaseFiles.FIRST, ReleaseFiles.SECOND);
        Ran back = files.verifyWithList("--seen", seen).endsWith(1);

        assertThat(back.checks("failed")).containsExactly("revocations.signatures", "revocations.rollback");
        assertThat(files.read("seen.json")).isEqualTo(kept);
    }

    @Test
    void refusesAListThatLacksWhatWasRevokedAndAnotherOfTheSameNumberOverRuns() {
        Path seen = files.path("seen.json");
        TreeSet<String> version = new TreeSet<>(Set.of("1.3.0"));
        files.revocations(new RevocationList(1, new TreeSet<>(), version, 0), ReleaseFiles.FIRST, ReleaseFiles.SECOND);
        files.verifyWithList("--seen", seen).endsWith(0);

        files.revocations(ReleaseFiles.list(2), ReleaseFiles.FIRST, ReleaseFiles.SECOND);
        onlyFailure(files.verifyWithList("--seen", seen), "revocations.rollback");
        files.revocations(new RevocationList(1, new TreeSet<>(), version, 1), ReleaseFiles.FIRST, ReleaseFiles.SECOND);
        onlyFailure(files.verifyWithList("--seen", seen), "revocations.rollback");
        files.revocations(new RevocationList(2, new TreeSet<>(), version, 1), ReleaseFiles.FIRST, ReleaseFiles.SECOND);
        files.verifyWithList("--seen", seen).endsWith(0);
    }

    @Test
    void remembersAGenuineListBesideARefusedReleaseButNotTheRelease() {
        Path seen = files.path("seen.json");
        files.revocations(
                new RevocationList(9, new TreeSet<>(), new TreeSet<>(Set.of("1.4.0")), 0),
                ReleaseFiles.FIRST,
                ReleaseFiles.SECOND);
        onlyFailure(files.verifyWithList("--seen", seen), "release.revoked");

        assertThat(files.read("seen.json").asUtf8())
                .contains("\"number\":9,\"versions\":[\"1.4.0\"]}],\"securityVersion\":0");
    }

    @Test
    void refusesARecordThatItCannotReadOrWrite() {
        files.write("seen.json", Bytes.utf8("{\"securityVersion\":1}"));
        assertThat(files.verify("--seen", files.path("seen.json")).endsWith(2).said())
                .contains("seen.json: ");

        files.write(
                "seen.json", Bytes.utf8("{\"format\":\"cloister/seen/v1\",\"revocations\":-1,\"securityVersion\":0}"));
        files.verify("--seen", files.path("seen.json")).endsWith(2);
        assertThat(files.verify("--seen", files.path("absent/seen.json"))
                        .endsWith(2)
                        .said())
                .contains("no file can be made");
        assertThat(files.path("absent")).doesNotExist();
    }

    @Test
    void judgesAnIdBlockBeforeTheLaunch() {
        Path block = files.write("id-block", Releases.block().encode());
        Path auth = files.write(
                "id-auth",
                IdAuth.sign(Releases.block(), Releases.ID_KEY, Releases.AUTHOR_KEY)
                        .encode());
        Ran good = files.verify("--id-block", block, "--id-auth", auth).endsWith(0);
        assertThat(good.checks("passed")).contains("id-block.signature", "id-block.author-signature", "id-block.keys");

        files.write(
                "id-auth", IdAuth.sign(Releases.block(), Releases.FOREIGN_KEY).encode());
        onlyFailure(files.verify("--id-block", block, "--id-auth", auth), "id-block.keys");

        files.write("id-auth", Bytes.zeros(4096));
        onlyFailure(files.verify("--id-block", block, "--id-auth", auth), "id-auth.format");
    }

    @Test
    void judgesNoIdBlockBesideAReleaseThatIsRefused() {
        files.release(Releases.manifest(), ReleaseFiles.FIRST);
        Path block = files.write("id-block", Releases.block().encode());
        Ran ran = files.verify("--id-block", block, "--id-auth", block);

        onlyFailure(ran, "release.signatures");
        assertThat(ran.checks("skipped")).contains("id-block.format", "id-block.policy");
    }

    @Test
    void refusesUnusableInput() throws Exception {
        assertThat(Ran.release().endsWith(2).said()).contains("sign, sign-launch, verify or show");
        assertThat(Ran.release("verify").endsWith(2).said()).contains("say: release verify --manifest FILE");
        assertThat(files.verify("stray").endsWith(2).said()).contains("say: release verify");
        assertThat(files.verify("--sene", "x").endsWith(2).said()).contains("no option --sene");
        assertThat(files.verify("--seen").endsWith(2).said()).contains("--seen needs a value");
        assertThat(files.verify("--revocations", files.path("release.json"))
                        .endsWith(2)
                        .said())
                .contains("--revocations and --revocation-signatures go together");
        assertThat(files.verify("--id-auth", files.path("release.json"))
                        .endsWith(2)
                        .said())
                .contains("go together");
        assertThat(files.verify("--war", files.path("absent")).endsWith(2).said())
                .contains("there is no such file");
        assertThat(files.verify("--leaf", files.path("war")).endsWith(2).said())
                .contains("--leaf counts only beside --report or --azure-blob");

        files.write("maintainers.json", Bytes.utf8("{}"));
        assertThat(files.verify().endsWith(2).said()).contains("maintainers.json: ");
        Files.delete(files.path("release.json"));
        assertThat(files.verify().endsWith(2).said()).contains("release.json: there is no such file");
    }
}
