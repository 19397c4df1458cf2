package io.cloister.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.TestChips;
import io.cloister.attestation.release.IdAuth;
import io.cloister.attestation.release.IdBlock;
import io.cloister.attestation.release.Releases;
import io.cloister.attestation.release.Seen;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseSignTest {
    @TempDir
    private Path folder;

    private ReleaseFiles files;

    @BeforeEach
    void makeRelease() throws IOException {
        files = new ReleaseFiles(folder);
        files.write("release.json", Bytes.utf8(Releases.manifest().show()));
        Files.delete(files.path("release.signatures"));
        files.write("id-key.der", Releases.launchPkcs8(1));
        files.write("author-key.der", Releases.launchPkcs8(2));
    }

    private Ran sign(int maintainer, Object... more) {
        List<Object> words = new ArrayList<>(List.of(
                "sign",
                "--manifest",
                files.path("release.json"),
                "--signatures",
                files.path("release.signatures"),
                "--key",
                files.path("maintainer-" + maintainer + ".der")));
        words.addAll(List.of(more));
        return Ran.release(words.toArray());
    }

    @Test
    void maintainersSignOneAfterTheOther() {
        Ran first = sign(1).endsWith(0);
        assertThat(files.read("release.json")).isEqualTo(Releases.manifest().encode());
        files.verify().endsWith(1);

        Ran second = sign(2).endsWith(0);
        files.verify().endsWith(0);

        String digest = "SHA-256 " + Hashes.sha256(Releases.manifest().encode()).toHex();
        assertThat(first.said())
                .contains("release.json is now in its one form", digest, "has 1 signature\n")
                .contains("key id " + ReleaseFiles.FIRST.publicKey().id().toHex());
        assertThat(second.said()).doesNotContain("one form").contains(digest, "has 2 signatures\n");
    }

    @Test
    void leavesFilesThatOthersMayReadAndNothingElse() throws IOException {
        Set<PosixFilePermission> usual = Files.getPosixFilePermissions(files.path("maintainers.json"));
        Set<String> before = Set.of(folder.toFile().list());
        sign(1).endsWith(0);

        assertThat(Files.getPosixFilePermissions(files.path("release.json"))).isEqualTo(usual);
        assertThat(Files.getPosixFilePermissions(files.path("release.signatures")))
                .isEqualTo(usual);
        assertThat(folder.toFile().list()).hasSize(before.size() + 1).contains("release.signatures");
    }

    @Test
    void signingAgainChangesNothing() {
        sign(1).endsWith(0);
        Bytes once = files.read("release.signatures");
        sign(1).endsWith(0);

        assertThat(files.read("release.signatures")).isEqualTo(once);
    }

    @Test
    void writesSignaturesElsewhereWhenAsked() {
        sign(1, "--out", files.path("mine")).endsWith(0);

        assertThat(files.path("release.signatures")).doesNotExist();
        assertThat(files.path("mine")).exists();
    }

    @Test
    void signaturesStandBesideTheManifestUnlessSaidOtherwise() {
        Ran.release("sign", "--manifest", files.path("release.json"), "--key", files.path("maintainer-1.der"))
                .endsWith(0);

        assertThat(files.path("release.json.signatures")).exists();
    }

    @Test
    void readsAKeyAsTextToo() {
        files.write(
                "maintainer-1.der",
                Bytes.utf8("-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getEncoder()
                                .encodeToString(Releases.maintainerPkcs8(1).toArray())
                        + "\n-----END PRIVATE KEY-----\n"));

        assertThat(sign(1).endsWith(0).said())
                .contains(ReleaseFiles.FIRST.publicKey().id().toHex());
    }

    @Test
    void signsOnlyWhatTheMaintainerHasBuilt() {
        sign(1, "--war", files.path("war"), "--policy", files.path("policy.json"))
                .endsWith(0);
        Bytes before = files.read("release.signatures");

        files.write("war", Bytes.utf8("another"));
        assertThat(sign(2, "--war", files.path("war")).endsWith(1).said()).contains("not signed: the WAR has digest");
        files.write("policy.json", Bytes.utf8("{}"));
        assertThat(sign(2, "--policy", files.path("policy.json")).endsWith(1).said())
                .contains("not signed: the policy has digest");
        assertThat(files.read("release.signatures")).isEqualTo(before);
    }

    @Test
    void signsRevocationsAlike() {
        sign(1).endsWith(0);
        sign(2).endsWith(0);
        files.write(
                "revocations.json",
                Bytes.utf8("{\"format\": \"cloister/revocations/v1\", \"number\": 3, \"keys\": [],"
                        + " \"versions\": [\"1.4.0\"], \"leastSecurityVersion\": 0}"));
        for (int maintainer = 1; maintainer <= 2; maintainer++) {
            Ran.release(
                            "sign",
                            "--revocations",
                            files.path("revocations.json"),
                            "--key",
                            files.path("maintainer-" + maintainer + ".der"),
                            "--signatures",
                            files.path("revocations.signatures"))
                    .endsWith(0);
        }

        assertThat(files.verifyWithList().endsWith(1).checks("failed")).containsExactly("release.revoked");
    }

    @Test
    void refusesWhatCannotBeSigned() {
        files.write("maintainer-9.der", Releases.launchPkcs8(1));
        assertThat(sign(9).endsWith(2).said()).contains("not an Ed25519 private key");
        assertThat(sign(8).endsWith(2).said()).contains("maintainer-8.der: there is no such file");
        files.write("maintainer-9.der", Bytes.utf8("-----BEGIN PRIVATE KEY-----\nAAAA"));
        assertThat(sign(9).endsWith(2).said()).contains("cut short");
        files.write("maintainer-9.der", Bytes.zeros(9000));
        assertThat(sign(9).endsWith(2).said()).contains("not a private key");

        files.write("release.signatures", Bytes.utf8("[]"));
        assertThat(sign(1).endsWith(2).said()).contains("or its signatures: ");
        files.write("release.json", Bytes.utf8("{}"));
        assertThat(sign(1).endsWith(2).said()).contains("release.json");
        assertThat(Ran.release("sign").endsWith(2).said()).contains("say: release sign --manifest FILE");
        assertThat(sign(1, "--revocations", files.path("war")).endsWith(2).said())
                .contains("say: release sign");
        assertThat(sign(1, "--out", folder).endsWith(2).said()).contains("no file can be made");
        assertThat(files.read("release.json")).isEqualTo(Bytes.utf8("{}"));
    }

    private Ran signLaunch(Object... more) {
        List<Object> words = new ArrayList<>(List.of(
                "sign-launch",
                "--svn",
                "7",
                "--id-key",
                files.path("id-key.der"),
                "--author-key",
                files.path("author-key.der"),
                "--id-block",
                files.path("id-block"),
                "--id-auth",
                files.path("id-auth")));
        words.addAll(List.of(more));
        return Ran.release(words.toArray());
    }

    @Test
    void makesTheIdBlockOfALaunch() {
        Ran ran = signLaunch("--launch-digest", Releases.LAUNCH.toHex()).endsWith(0);

        assertThat(files.read("id-block")).isEqualTo(Releases.block().encode());
        assertThat(files.read("id-auth"))
                .isEqualTo(IdAuth.sign(Releases.block(), Releases.ID_KEY, Releases.AUTHOR_KEY)
                        .encode());
        assertThat(ran.said())
                .contains("guest SVN        7", Releases.LAUNCH.toHex(), "signed the ID key")
                .contains(Releases.AUTHOR_KEY.publicKey().digest().toHex());
    }

    @Test
    void takesIdsPolicyAndWhatMeasurePrints() {
        files.write("measured", Bytes.utf8("{\"launchDigest\":\"" + Releases.LAUNCH.toHex() + "\"}"));
        signLaunch(
                        "--measured",
                        files.path("measured"),
                        "--family-id",
                        "01".repeat(16),
                        "--image-id",
                        "02".repeat(16),
                        "--guest-policy",
                        "0x20000")
                .endsWith(0);
        IdBlock block = IdBlock.decode(files.read("id-block"));
        assertThat(block.familyId()).isEqualTo(TestChips.filled(16, 1));
        assertThat(block.imageId()).isEqualTo(TestChips.filled(16, 2));
        assertThat(block.policy().smtAllowed()).isFalse();
        assertThat(block.launchDigest()).isEqualTo(Releases.LAUNCH);

        files.write("measured", Bytes.utf8(Releases.LAUNCH.toHex() + "\n"));
        signLaunch("--measured", files.path("measured")).endsWith(0);
        assertThat(files.read("id-block")).isEqualTo(Releases.block().encode());
    }

    @Test
    void refusesLaunchesThatCannotBeSigned() {
        String digest = Releases.LAUNCH.toHex();
        files.write("measured", Bytes.utf8("{}"));

        assertThat(signLaunch().endsWith(2).said()).contains("say: release sign-launch");
        assertThat(signLaunch("--launch-digest", digest, "--measured", files.path("measured"))
                        .endsWith(2)
                        .said())
                .contains("say: release sign-launch");
        assertThat(signLaunch("--launch-digest", "00").endsWith(2).said()).contains("takes 48 bytes");
        assertThat(signLaunch("--measured", files.path("measured")).endsWith(2).said())
                .contains("--measured takes");
        assertThat(signLaunch("--launch-digest", digest, "--svn", "4294967296")
                        .endsWith(2)
                        .said())
                .contains("--svn takes a number");
        assertThat(signLaunch("--launch-digest", digest, "--guest-policy", "0")
                        .endsWith(2)
                        .said())
                .contains("reserved bits");
        assertThat(signLaunch("--launch-digest", digest, "--image-id", "zz")
                        .endsWith(2)
                        .said())
                .contains("--image-id takes 16 bytes");
        assertThat(signLaunch("--launch-digest", digest, "--id-key", files.path("maintainer-1.der"))
                        .endsWith(2)
                        .said())
                .contains("maintainer-1.der: ");
        assertThat(files.path("id-block")).doesNotExist();
        assertThat(files.path("id-auth")).doesNotExist();
    }

    private Ran show(String file) {
        return Ran.release("show", files.path(file));
    }

    @Test
    void showsEveryDocument() {
        assertThat(show("release.json").endsWith(0).said())
                .contains("release manifest", "a draft: ", "\"version\" : \"1.4.0\"");
        sign(1).endsWith(0);
        assertThat(show("release.json").endsWith(0).said()).doesNotContain("draft");
        assertThat(show("release.signatures").endsWith(0).said())
                .contains("1 signature\n", ReleaseFiles.FIRST.publicKey().id().toHex());
        assertThat(show("maintainers.json").endsWith(0).said())
                .contains(
                        "2 of 3 maintainers sign",
                        ReleaseFiles.THIRD.publicKey().raw().toHex());
        files.revocations(ReleaseFiles.list(4), ReleaseFiles.FIRST);
        assertThat(show("revocations.json").endsWith(0).said()).contains("revocation list", "\"number\" : 4");
        files.write("seen.json", new Seen(2, Optional.of(ReleaseFiles.list(3))).encode());
        assertThat(show("seen.json").endsWith(0).said()).contains("security version 2", "\"number\" : 3");
        files.write("seen.json", Seen.NOTHING.encode());
        assertThat(show("seen.json").endsWith(0).said()).contains("security version 0", "revocation list  none");
        signLaunch("--launch-digest", Releases.LAUNCH.toHex()).endsWith(0);
        assertThat(show("id-block").endsWith(0).said()).contains("policy           0x30000, ABI 0.0, SMT allowed");
        assertThat(show("id-auth").endsWith(0).said()).contains("author key digest ");
        files.write("public.der", Releases.ID_KEY.publicKey().info());
        assertThat(show("public.der").endsWith(0).said())
                .contains(Releases.ID_KEY.publicKey().digest().toHex());
        files.write(
                "public.der",
                Bytes.concat(
                        Bytes.hex("302a300506032b6570032100"),
                        ReleaseFiles.FIRST.publicKey().raw()));
        assertThat(show("public.der").endsWith(0).said())
                .contains(ReleaseFiles.FIRST.publicKey().id().toHex());
    }

    @Test
    void refusesToShowWhatIsNoDocumentOfARelease() {
        assertThat(show("absent").endsWith(2).said()).contains("there is no such file");
        assertThat(Ran.release("show").endsWith(2).said()).contains("say: release show FILE");
        assertThat(show("policy.json").endsWith(2).said()).contains("a format that no release has");
        for (Bytes garbled : List.of(
                Bytes.EMPTY,
                Bytes.utf8("{"),
                Bytes.utf8("[1"),
                Bytes.zeros(96),
                Bytes.zeros(4096),
                Bytes.zeros(44),
                Bytes.zeros(120),
                Bytes.hex("ff"),
                Bytes.utf8("{\"format\":7}"),
                Bytes.zeros(1 << 20))) {
            files.write("garbled", garbled);
            assertThat(show("garbled").endsWith(2).said()).contains("garbled: ");
        }
    }
}
