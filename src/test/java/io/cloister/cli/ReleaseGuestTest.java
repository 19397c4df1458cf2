package io.cloister.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.Policy;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.Vectors;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.release.BootProfile;
import io.cloister.attestation.release.Releases;
import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.ReportBuilder;
import io.cloister.attestation.tpm.HclReport;
import io.cloister.attestation.tpm.PcrValues;
import io.cloister.attestation.tpm.TpmQuote;
import io.cloister.codec.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guests that say they run a release. */
class ReleaseGuestTest {
    private static final SimulatedChip CHIP = TestChips.chip(ProductLine.GENOA);
    private static final Bytes POLICY = Bytes.utf8(Policy.devnet(
                    List.of(Releases.LAUNCH),
                    List.of(TestChips.authority(ProductLine.GENOA).rootDigest()))
            .toJson());

    @TempDir
    private Path folder;

    private ReleaseFiles files;

    @BeforeEach
    void makeRelease() {
        files = new ReleaseFiles(folder);
        files.release(Releases.manifest(POLICY, Map.of()), ReleaseFiles.FIRST, ReleaseFiles.SECOND);
        files.write("policy.json", POLICY);
        collateral(CHIP.collateral());
    }

    private void collateral(Collateral chain) {
        files.write("leaf", chain.vek());
        files.write("issuer", chain.intermediate());
        files.write("root", chain.root());
    }

    private static ReportBuilder launched() {
        return TestChips.report(CHIP, 3)
                .measurement(Releases.LAUNCH)
                .guestSvn(7)
                .idKeyDigest(Releases.ID_KEY.publicKey().digest())
                .authorKeyDigest(Releases.AUTHOR_KEY.publicKey().digest());
    }

    private Ran judge(Bytes report, Object... more) {
        files.write("report", report);
        List<Object> words = new ArrayList<>(
                List.of("--report", files.path("report"), "--policy", files.path("policy.json"), "--at", TestChips.AT));
        for (String name : List.of("leaf", "issuer", "root")) {
            words.addAll(List.of("--" + name, files.path(name)));
        }
        words.addAll(List.of(more));
        return files.verify(words.toArray());
    }

    private static String claim(Ran ran, String name) {
        return ran.json().path("claims").path(name).asText();
    }

    @Test
    void acceptsAGuestThatTheReleasesKeyLaunched() {
        Ran ran = judge(CHIP.sign(launched())).endsWith(0);

        assertThat(ran.json().path("grade").asText()).isEqualTo("D");
        assertThat(claim(ran, "rung")).isEqualTo("hardware-id-block");
        assertThat(claim(ran, "rung.hardware-id-block")).startsWith("reached: ");
        assertThat(claim(ran, "rung.measured-boot")).isEqualTo("not judged: the hardware's ID block proves more");
        assertThat(claim(ran, "rung.reasons")).isEqualTo("author-key,guest-svn,launch-digest,simulated");
        assertThat(ran.checks("passed"))
                .contains("report-signature", "policy.measurement", "release.launch-key", "release.guest-svn");
        assertThat(ran.checks("skipped")).contains("binding", "revocation");
    }

    @Test
    void readsCertificatesAsTextToo() {
        for (String name : List.of("leaf", "issuer", "root")) {
            files.write(
                    name,
                    Bytes.utf8("-----BEGIN CERTIFICATE-----\n"
                            + Base64.getMimeEncoder()
                                    .encodeToString(files.read(name).toArray())
                            + "\n-----END CERTIFICATE-----\n"));
        }

        judge(CHIP.sign(launched())).endsWith(0);
    }

    @Test
    void rejectsAGuestOfAnotherLaunch() {
        Ran digest = judge(CHIP.sign(launched().measurement(Releases.sha384("other"))));
        Ran old = judge(CHIP.sign(launched().guestSvn(6)));
        Ran key = judge(CHIP.sign(
                launched().authorKeyDigest(Releases.FOREIGN_KEY.publicKey().digest())));

        assertThat(digest.endsWith(1).checks("failed")).containsExactly("policy.measurement", "release.launch-digest");
        assertThat(claim(digest, "rung.hardware-id-block")).isEqualTo("not reached: release.launch-digest");
        assertThat(claim(digest, "rung")).isEqualTo("none");
        assertThat(old.endsWith(1).checks("failed")).containsExactly("release.guest-svn");
        assertThat(key.endsWith(1).checks("failed")).containsExactly("release.launch-key");
        assertThat(claim(key, "rung.measured-boot")).isEqualTo("not judged: no quote of a TPM is given");
    }

    @Test
    void judgesNoRungOfAReportThatIsNotGenuine() {
        Ran changed = judge(TestChips.flip(CHIP.sign(launched()), 8 * 0x60)).endsWith(1);
        Ran garbled = judge(Bytes.utf8("garbled")).endsWith(1);

        assertThat(changed.checks("failed")).containsExactly("report-signature");
        assertThat(claim(changed, "rung.hardware-id-block"))
                .isEqualTo("not judged: the guest's evidence is not genuine");
        assertThat(garbled.checks("failed")).containsExactly("report-format");
        assertThat(garbled.checks("skipped")).contains("release.launch-digest", "policy.measurement");
    }

    @Test
    void trustsNoTestRootThatThePolicyDoesNotName() {
        files.write("report", CHIP.sign(launched()));
        Ran ran = files.verify(
                "--report",
                files.path("report"),
                "--leaf",
                files.path("leaf"),
                "--issuer",
                files.path("issuer"),
                "--root",
                files.path("root"),
                "--at",
                TestChips.AT);

        assertThat(ran.endsWith(1).checks("failed")).containsExactly("certificate-chain");
        assertThat(ran.json().has("grade")).isFalse();
    }

    @Test
    void comparesReportDataThatIsDemanded() {
        Bytes report = CHIP.sign(launched().reportData(TestChips.filled(64, 9)));

        assertThat(judge(report, "--report-data", "09".repeat(64)).endsWith(0).checks("passed"))
                .contains("binding");
        assertThat(judge(report, "--report-data", "08".repeat(64)).endsWith(1).checks("failed"))
                .containsExactly("binding");
        assertThat(judge(report, "--report-data", "08").endsWith(2).said()).contains("REPORT_DATA has 64 bytes");
    }

    @Test
    void judgesNoGuestByAReleaseThatIsRefused() {
        files.release(Releases.manifest(POLICY, Map.of()), ReleaseFiles.FIRST);
        Ran ran = judge(CHIP.sign(launched())).endsWith(1);

        assertThat(ran.checks("failed")).containsExactly("release.signatures");
        assertThat(claim(ran, "rung.hardware-id-block")).isEqualTo("not judged: the release is not accepted");
        assertThat(ran.json().path("grade").asText()).isEqualTo("D");
    }

    @Test
    void saysWhenTheSignedPolicyIsNone() {
        files.release(Releases.manifest(Releases.POLICY, Map.of()), ReleaseFiles.FIRST, ReleaseFiles.SECOND);
        files.write("policy.json", Releases.POLICY);

        assertThat(judge(CHIP.sign(launched())).endsWith(1).checks("failed")).contains("policy.format");
    }

    @Test
    void refusesHalfOfAGuest() {
        assertThat(judge(Bytes.EMPTY, "--quote", files.path("war")).endsWith(2).said())
                .contains("--quote counts only beside --azure-blob");
        assertThat(judge(Bytes.EMPTY, "--azure-blob", files.path("war"), "--quote", files.path("war"))
                        .endsWith(2)
                        .said())
                .contains("--quote, --quote-signature, --pcrs go together");
        assertThat(judge(Bytes.EMPTY, "--at", "yesterday").endsWith(2).said()).contains("--at takes an instant");
        assertThat(files.verify("--nonce", "00").endsWith(2).said()).contains("--nonce counts only beside");
    }

    private Ran judgeGenoaOnAzure(Bytes nonce) {
        for (String name : List.of("hcl.bin", "quote.msg", "quote.sig", "pcrs.bin")) {
            files.write(name, Vectors.read("azure/az_genoa." + name));
        }
        collateral(Vectors.collateral("az_genoa_vcek", "genoa"));
        List<Object> words = new ArrayList<>(List.of("--at", "2026-06-01T00:00:00Z", "--nonce", nonce.toHex()));
        for (String name : List.of("leaf", "issuer", "root")) {
            words.addAll(List.of("--" + name, files.path(name)));
        }
        words.addAll(List.of("--azure-blob", files.path("hcl.bin"), "--quote", files.path("quote.msg")));
        words.addAll(List.of("--quote-signature", files.path("quote.sig"), "--pcrs", files.path("pcrs.bin")));
        return files.verify(words.toArray());
    }

    private void releaseForAzure(Bytes measurement, Bytes pcr4) {
        BootProfile azure = new BootProfile(new TreeSet<>(), Releases.set(measurement), new TreeMap<>(Map.of(4, pcr4)));
        files.release(Releases.manifest(POLICY, Map.of("azure", azure)), ReleaseFiles.FIRST, ReleaseFiles.SECOND);
    }

    @Test
    void aGenuineMachineOnAzureStandsOnTheMeasuredRung() {
        AttestationReport report = AttestationReport.parse(
                HclReport.parse(Vectors.read("azure/az_genoa.hcl.bin")).hardwareReport());
        Bytes nonce = TpmQuote.parse(Vectors.read("azure/az_genoa.quote.msg")).extraData();
        Bytes pcr4 = PcrValues.wholeBank(Vectors.read("azure/az_genoa.pcrs.bin"))
                .get(4)
                .orElseThrow();

        releaseForAzure(report.measurement(), pcr4);
        Ran good = judgeGenoaOnAzure(nonce).endsWith(0);
        assertThat(claim(good, "rung")).isEqualTo("measured-boot");
        assertThat(claim(good, "rung.measured-boot")).startsWith("reached: ");
        assertThat(claim(good, "rung.hardware-id-block"))
                .isEqualTo("not reached: release.launch-digest, release.launch-key");
        assertThat(good.checks("passed")).contains("binding", "quote-nonce", "release.pcrs", "release.cloud-firmware");
        assertThat(good.json().has("grade")).isFalse();

        Ran replayed = judgeGenoaOnAzure(Bytes.utf8("another")).endsWith(1);
        assertThat(replayed.checks("failed")).containsExactly("quote-nonce");
        assertThat(claim(replayed, "rung.measured-boot")).isEqualTo("not judged: the guest's evidence is not genuine");

        releaseForAzure(report.measurement(), Bytes.zeros(32));
        assertThat(judgeGenoaOnAzure(nonce).endsWith(1).checks("failed")).containsExactly("release.pcrs");
        releaseForAzure(Releases.CLOUD_FIRMWARE, pcr4);
        assertThat(judgeGenoaOnAzure(nonce).endsWith(1).checks("failed")).containsExactly("release.cloud-firmware");
    }
}
