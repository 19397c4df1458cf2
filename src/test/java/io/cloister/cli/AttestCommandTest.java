package io.cloister.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.attestation.Collateral;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Policy;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.format.EvidenceFormat;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.codec.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command's verdicts and exit codes over files of a simulated chip. */
class AttestCommandTest {
    private static final Bytes DATA = TestChips.filled(64, 9);
    private static final String AT = TestChips.AT.toString();

    @TempDir
    private Path folder;

    private final SimulatedChip chip = TestChips.chip(ProductLine.GENOA);

    @BeforeEach
    void write() {
        Collateral chain = chip.collateral();
        file("report", chip.sign(TestChips.report(chip, 3).reportData(DATA)));
        file("leaf", chain.vek());
        file("issuer", chain.intermediate());
        file("root", chain.root());
        file("policy", Bytes.utf8(TestChips.policy(ProductLine.GENOA).toJson()));
        file("junk", TestChips.filled(100, 7));
    }

    private String file(String name, Bytes content) {
        try {
            return Files.write(folder.resolve(name), content.toArray()).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private record Answer(int exitCode, String output) {
        JsonNode json() throws IOException {
            return new ObjectMapper().readTree(output);
        }

        List<String> failed() throws IOException {
            List<String> names = new ArrayList<>();
            json().get("checks").forEach(check -> {
                if (check.get("result").asText().equals("failed")) {
                    names.add(check.get("name").asText());
                }
            });
            return names;
        }
    }

    private static Answer attest(List<String> words) throws IOException {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        int code = new AttestCommand(new PrintStream(written, true, StandardCharsets.UTF_8)).run(words);
        return new Answer(code, written.toString(StandardCharsets.UTF_8));
    }

    /** Verifies what was written; options given later take the place of earlier ones. */
    private Answer verify(String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of("verify", "--json", "--offline", "--at", AT));
        for (String name : List.of("report", "leaf", "issuer", "root", "policy")) {
            words.addAll(List.of("--" + name, path(name)));
        }
        words.addAll(Arrays.asList(more));
        return attest(words);
    }

    private void unusable(String... more) {
        assertThatExceptionOfType(CommandFailed.class)
                .isThrownBy(() -> verify(more))
                .satisfies(e -> assertThat(e.exitCode()).isEqualTo(2));
    }

    @Test
    void acceptsByAPolicyThatNamesTheTestRootAndSaysEverythingInJson() throws IOException {
        Answer answer = verify("--report-data", DATA.toHex());

        assertThat(answer.exitCode()).as(answer.output()).isZero();
        JsonNode json = answer.json();
        assertThat(json.propertyStream().map(Map.Entry::getKey))
                .containsExactlyInAnyOrder("verdict", "grade", "checks", "claims");
        assertThat(json.get("verdict").asText()).isEqualTo("accepted");
        assertThat(json.get("grade").asText()).isEqualTo("D");
        assertThat(json.get("checks").get(0).propertyStream().map(Map.Entry::getKey))
                .containsExactlyInAnyOrder("name", "result", "detail");
        assertThat(json.get("claims").get("report.measurement").asText()).isEqualTo(TestChips.MEASUREMENT.toHex());
        assertThat(json.get("claims").get("rung").asText()).isEqualTo("none");
    }

    @Test
    void refusesTheSimulatedChainByTheDefaultPolicy() throws IOException {
        Answer answer = verify("--policy", "default");
        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.failed()).containsExactly("certificate-chain");
        assertThat(verify("--policy", "production").exitCode()).isEqualTo(1);
    }

    @Test
    void refusesEachInputThatCannotBeReadByItsCheck() throws IOException {
        assertThat(verify("--report", path("junk")).failed()).containsExactly("report-format");
        assertThat(verify("--report", file("empty", Bytes.EMPTY)).failed()).containsExactly("report-format");
        for (String certificate : List.of("--leaf", "--issuer", "--root")) {
            Answer answer = verify(certificate, path("junk"));
            assertThat(answer.exitCode()).isEqualTo(1);
            assertThat(answer.failed()).contains("certificate-chain");
        }
        assertThat(verify("--crl", path("junk")).failed()).containsExactly("revocation");
    }

    @Test
    void comparesTheDataThatIsDemanded() throws IOException {
        assertThat(verify("--report-data", Bytes.zeros(64).toHex()).failed()).containsExactly("binding");
        assertThat(verify("--report-data", DATA.to0x()).exitCode()).isZero();
    }

    @Test
    void asksTheClockThatIsGiven() throws IOException {
        assertThat(verify("--at", "2025-12-31T23:59:59Z").failed()).containsExactly("certificate-validity");
        assertThat(verify("--at", "2040-01-01T00:00:00Z").failed()).containsExactly("certificate-validity");
    }

    @Test
    void looksAtTheRevocationListThatIsGiven() throws IOException {
        Bytes sound = TestChips.authority(ProductLine.GENOA)
                .revocationList(TestChips.AT, TestChips.AT.plus(Duration.ofDays(10)), List.of());
        Bytes revoked = TestChips.authority(ProductLine.GENOA)
                .revocationList(
                        TestChips.AT,
                        TestChips.AT.plus(Duration.ofDays(10)),
                        List.of(chip.collateral().intermediate()));
        assertThat(verify("--crl", file("crl", sound)).exitCode()).isZero();
        Answer answer = verify("--crl", file("crl", revoked));
        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.failed()).containsExactly("revocation");
    }

    @Test
    void readsPemAsWell() throws IOException {
        String pem = "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(chip.collateral().vek().toArray())
                + "\n-----END CERTIFICATE-----\n";
        assertThat(verify("--leaf", file("leaf.pem", Bytes.utf8(pem))).exitCode())
                .isZero();
    }

    @Test
    void amdsIssuersServeWhereNoneAreGivenAndDoNotFitATestChip() throws IOException {
        Answer answer = attest(List.of(
                "verify",
                "--json",
                "--at",
                AT,
                "--report",
                path("report"),
                "--leaf",
                path("leaf"),
                "--policy",
                path("policy")));
        assertThat(answer.failed()).containsExactly("certificate-chain");
    }

    @Test
    void withoutALeafAndWithoutANetworkTheChainDoesNotHold() throws IOException {
        Answer answer = attest(List.of("verify", "--json", "--offline", "--at", AT, "--report", path("report")));
        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.failed()).containsExactly("certificate-chain");
        assertThat(answer.output()).contains("a certificate is missing").doesNotContain("java.");
    }

    @Test
    void inputThatCannotBeUsedEndsWithTwo() {
        unusable("--report", path("nothing"));
        unusable("--leaf", path("nothing"));
        unusable("--policy", path("junk"));
        unusable("--policy", path("nothing"));
        unusable("--at", "yesterday");
        unusable("--report-data", "xyz");
        unusable("--report-data", "00");
        unusable("--nonce", "00");
        unusable("--quote", path("junk"));
        unusable("--azure-blob", path("junk"), "--quote", path("junk"));
        unusable("--azure-blob", path("junk"), "--nonce", "00".repeat(65));
        unusable("--azure-blob", path("junk"), "--event-log", path("junk"));
        unusable("--whatever");
        unusable("a word");
        for (List<String> words : List.of(
                List.<String>of(), List.of("verify"), List.of("nonsense"), List.of("show"), List.of("policy"))) {
            assertThatExceptionOfType(CommandFailed.class)
                    .isThrownBy(() -> attest(words))
                    .satisfies(e -> assertThat(e.exitCode()).isEqualTo(2));
        }
    }

    @Test
    void aBlobThatCannotBeReadIsRefused() throws IOException {
        Answer answer = attest(List.of(
                "verify", "--json", "--offline", "--at", AT, "--azure-blob", path("junk"), "--leaf", path("leaf")));
        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.failed()).containsExactly("report-format", "binding");
    }

    @Test
    void aNonceThatNoQuoteAnswersIsRefused() throws IOException {
        Answer answer = attest(List.of(
                "verify",
                "--json",
                "--offline",
                "--at",
                AT,
                "--azure-blob",
                path("junk"),
                "--leaf",
                path("leaf"),
                "--nonce",
                "00".repeat(16)));
        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.failed()).containsExactly("report-format", "binding", "quote-nonce");
    }

    @Test
    void showsWhatStandsInAFileWithoutJudgingIt() throws IOException {
        assertThat(attest(List.of("show", path("report"))).output())
                .contains("kind = SEV-SNP report", "report-data = " + DATA.toHex(), "version = 3");
        assertThat(attest(List.of("show", path("leaf"))).output()).contains("name = SEV-VCEK", "product = Genoa");
        JsonNode json = attest(List.of("show", path("root"), "--json")).json();
        assertThat(json.get("name").asText()).isEqualTo("ARK-Genoa");
        assertThatExceptionOfType(CommandFailed.class).isThrownBy(() -> attest(List.of("show", path("junk"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"production", "gcp-milan-test", "devnet", "default"})
    void printsShippedPoliciesSoThatTheyReadBack(String name) throws IOException {
        Answer answer = attest(List.of("policy", name));
        assertThat(Policy.parse(Bytes.utf8(answer.output())).name()).isEqualTo(name);
    }

    @Test
    void printsForPeopleWhatItFound() throws IOException {
        List<String> words = new ArrayList<>(List.of("verify", "--offline", "--at", AT));
        for (String name : List.of("report", "leaf", "issuer", "root", "policy")) {
            words.addAll(List.of("--" + name, path(name)));
        }
        assertThat(attest(words).output())
                .contains("  passed   report-signature: ", "  skipped  revocation: ", "accepted, grade D");
    }

    @Test
    void verifiesEvidenceThatWasKeptInAnyOfItsForms() throws IOException {
        Bytes nonce = TestChips.filled(32, 3);
        Bytes spki = TestChips.keys().tlsSpki();
        Evidence evidence =
                TestChips.evidence(chip, TestChips.report(chip, 3), TestChips.keys(), Leaf.restNonce(nonce, spki));
        List<Bytes> forms = List.of(
                EvidenceFormat.JSON.write(evidence),
                EvidenceFormat.CBOR.write(evidence),
                evidence.encode(),
                Bytes.utf8(evidence.encode().to0x() + "\n"));
        for (Bytes form : forms) {
            String kept = file("evidence", form);
            assertThat(attest(List.of("show", kept)).output()).contains("evidence.purpose = rest-nonce");
            List<String> words =
                    List.of("verify", "--json", "--at", AT, "--policy", path("policy"), "--evidence", kept, "--nonce");
            assertThat(attest(and(words, nonce.toHex(), "--spki", spki.toHex())).exitCode())
                    .isZero();
            assertThat(attest(and(words, nonce.toHex())).exitCode()).isZero();
            assertThat(attest(and(words, Bytes.zeros(32).toHex())).failed()).containsExactly("binding");
            assertThat(attest(and(
                                    words,
                                    nonce.toHex(),
                                    "--spki",
                                    Bytes.zeros(32).toHex()))
                            .failed())
                    .containsExactly("binding");
        }
        unusable("--evidence", path("evidence"));
        assertThatExceptionOfType(CommandFailed.class)
                .isThrownBy(() -> attest(List.of("verify", "--evidence", path("junk"))))
                .satisfies(e -> assertThat(e.exitCode()).isEqualTo(2));
    }

    private static List<String> and(List<String> words, String... more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(Arrays.asList(more));
        return all;
    }
}
