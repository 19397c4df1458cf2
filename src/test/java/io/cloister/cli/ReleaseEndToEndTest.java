package io.cloister.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.release.TestOvmf;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps of docs/release.md, from keys that openssl makes to a release that is accepted, and refused once changed. */
class ReleaseEndToEndTest {
    private static final Pattern KEY = Pattern.compile("key +([0-9a-f]{64})");
    private static final Pattern ID_KEY = Pattern.compile("ID key digest +([0-9a-f]{96})");
    private static final Pattern AUTHOR_KEY = Pattern.compile("author key digest +([0-9a-f]{96})");

    @TempDir
    private Path folder;

    private Path path(String name) {
        return folder.resolve(name);
    }

    private static void openssl(Object... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        for (Object word : words) {
            command.add(word.toString());
        }
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            Assumptions.abort("openssl is not there");
            return;
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(command.toString()).isZero();
    }

    private static String find(Pattern pattern, Ran ran) {
        Matcher matcher = pattern.matcher(ran.said());
        assertThat(matcher.find()).as(ran.said()).isTrue();
        return matcher.group(1);
    }

    private Ran verify(Object... more) {
        List<Object> words = new ArrayList<>(List.of(
                "verify",
                "--manifest",
                path("release.json"),
                "--signatures",
                path("release.signatures"),
                "--maintainers",
                path("maintainers.json"),
                "--seen",
                path("seen.json"),
                "--json"));
        words.addAll(List.of(more));
        return Ran.release(words.toArray());
    }

    @Test
    void aReleaseFromKeysToVerdict() throws Exception {
        makeMaintainers();
        String digest = measure();
        Ran launch = signLaunch();
        Files.writeString(path("cloister.war"), "a WAR");
        Files.writeString(path("policy.json"), "{\"a\": \"policy\"}");
        writeManifest("1.0.0", 3, digest, launch);

        sign(1);
        assertThat(verify().endsWith(1).checks("failed")).containsExactly("release.signatures");
        sign(3);
        Ran accepted = verify(
                        "--war",
                        path("cloister.war"),
                        "--policy",
                        path("policy.json"),
                        "--id-block",
                        path("id-block"),
                        "--id-auth",
                        path("id-auth"))
                .endsWith(0);
        assertThat(accepted.json().path("verdict").asText()).isEqualTo("accepted");
        assertThat(accepted.checks("failed")).isEmpty();
        assertThat(accepted.checks("passed"))
                .contains("release.war", "release.policy", "id-block.launch-digest", "id-block.author-signature");

        String manifest = Files.readString(path("release.json"));
        Files.writeString(path("release.json"), manifest.replace("1.0.0", "1.0.1"));
        assertThat(verify().endsWith(1).checks("failed")).containsExactly("release.signatures");
        Files.writeString(path("release.json"), manifest + " ");
        assertThat(verify().endsWith(1).checks("failed")).containsExactly("release.format");
        Files.writeString(path("release.json"), manifest);
        Files.writeString(path("cloister.war"), "another WAR");
        assertThat(verify("--war", path("cloister.war")).endsWith(1).checks("failed"))
                .containsExactly("release.war");

        Files.delete(path("release.signatures"));
        writeManifest("0.9.0", 2, digest, launch);
        sign(1);
        sign(2);
        assertThat(verify().endsWith(1).checks("failed")).containsExactly("release.rollback");
    }

    private void makeMaintainers() throws Exception {
        List<String> keys = new ArrayList<>();
        for (int number = 1; number <= 3; number++) {
            Path secret = path("maintainer-" + number + ".pem");
            Path open = path("maintainer-" + number + ".pub");
            openssl("genpkey", "-algorithm", "ed25519", "-out", secret);
            openssl("pkey", "-in", secret, "-pubout", "-out", open);
            keys.add('"' + find(KEY, Ran.release("show", open).endsWith(0)) + '"');
        }
        Files.writeString(
                path("maintainers.json"),
                "{\"format\": \"cloister/maintainers/v1\", \"threshold\": 2, \"keys\": " + keys + "}");
        for (String name : List.of("id-key", "author-key")) {
            openssl(
                    "genpkey",
                    "-algorithm",
                    "EC",
                    "-pkeyopt",
                    "ec_paramgen_curve:P-384",
                    "-outform",
                    "DER",
                    "-out",
                    path(name));
        }
    }

    private String measure() throws IOException {
        Files.write(path("ovmf.fd"), new TestOvmf().image().toArray());
        Files.writeString(path("kernel"), "kernel");
        Ran measured = Ran.attest(
                        "measure",
                        "--ovmf",
                        path("ovmf.fd"),
                        "--kernel",
                        path("kernel"),
                        "--append",
                        "quiet",
                        "--vcpus",
                        4,
                        "--vcpu-type",
                        "EPYC-Genoa",
                        "--json")
                .endsWith(0);
        Files.writeString(path("measured.json"), measured.said());
        return measured.json().path("launchDigest").asText();
    }

    private Ran signLaunch() {
        return Ran.release(
                        "sign-launch",
                        "--measured",
                        path("measured.json"),
                        "--svn",
                        3,
                        "--id-key",
                        path("id-key"),
                        "--author-key",
                        path("author-key"),
                        "--id-block",
                        path("id-block"),
                        "--id-auth",
                        path("id-auth"))
                .endsWith(0);
    }

    private void writeManifest(String version, int securityVersion, String digest, Ran launch) throws IOException {
        assertThat(find(ID_KEY, launch)).isNotEqualTo(find(AUTHOR_KEY, launch));
        Files.writeString(path("release.json"), """
                {
                  "format": "cloister/release/v1",
                  "version": "%s",
                  "commit": "%s",
                  "warDigest": "%s",
                  "images": {},
                  "launchDigests": {"qemu-genoa-4": "%s"},
                  "authorKeys": ["%s"],
                  "idKeys": [],
                  "boot": {},
                  "minimumTcb": {"Genoa": {"bootLoader": 10, "tee": 0, "snp": 23, "microcode": 84}},
                  "securityVersion": %d,
                  "policyDigest": "%s"
                }
                """.formatted(
                        version,
                        "12".repeat(20),
                        Hashes.sha384(Bytes.utf8("a WAR")).toHex(),
                        digest,
                        find(AUTHOR_KEY, launch),
                        securityVersion,
                        Hashes.sha256(Bytes.utf8("{\"a\": \"policy\"}")).toHex()));
    }

    private void sign(int maintainer) {
        Ran.release(
                        "sign",
                        "--manifest",
                        path("release.json"),
                        "--signatures",
                        path("release.signatures"),
                        "--key",
                        path("maintainer-" + maintainer + ".pem"))
                .endsWith(0);
    }
}
