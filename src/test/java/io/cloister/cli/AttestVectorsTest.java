package io.cloister.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.attestation.Vectors;
import io.cloister.attestation.tpm.TpmQuote;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every genuine and tampered vector gets, by the command, the verdict that their index names. */
class AttestVectorsTest {
    private static final String NOW = "2026-06-01T00:00:00Z";
    private static final String VLEK_DAYS = "2025-11-01T00:00:00Z";

    /** Lets pass what a valid Milan report of any age has. */
    private static final String MILAN = """
            {"format": "cloister/policy/v1", "name": "any-line",
             "roots": {"productLines": ["Milan", "Genoa", "Turin"]},
             "firmware": {"minimumTcb": {
               "Milan": {"bootLoader": 0, "tee": 0, "snp": 0, "microcode": 0},
               "Genoa": {"bootLoader": 0, "tee": 0, "snp": 0, "microcode": 0},
               "Turin": {"fmc": 0, "bootLoader": 0, "tee": 0, "snp": 0, "microcode": 0}}},
             "launch": {"named": "any"}, "boot": {"named": "any"}}
            """;

    @TempDir
    private static Path folder;

    private static Path policy;

    /** @param failed exactly the checks that fail, in order */
    private record Row(String name, List<String> arguments, String at, List<String> failed) {
        Row failing(String... checks) {
            return new Row(name, arguments, at, List.of(checks));
        }

        Row at(String instant) {
            return new Row(name, arguments, instant, failed);
        }

        Row with(String... more) {
            List<String> all = new ArrayList<>(arguments);
            all.addAll(List.of(more));
            return new Row(name, all, at, failed);
        }
    }

    @BeforeEach
    void needsTheVectors() throws IOException {
        Vectors.report("tav_genoa_v3");
        policy = Files.writeString(folder.resolve("policy.json"), MILAN);
    }

    private static String file(String name) {
        return Path.of(System.getProperty("cloister.vectors", ""), "snp", name).toString();
    }

    private static String certificate(String name) {
        return file("certs/" + name + ".der");
    }

    private static Row report(String report, String leaf) {
        return new Row(
                report,
                List.of("--report", file("reports/" + report + ".bin"), "--leaf", certificate(leaf)),
                NOW,
                List.of());
    }

    private static Row tampered(String name) {
        return new Row(
                name,
                List.of("--report", file("invalid/" + name + ".bin"), "--leaf", certificate("tav_turin_vcek")),
                NOW,
                List.of());
    }

    private static Row azure(String set) {
        return new Row(
                        set,
                        List.of(
                                "--azure-blob",
                                file("azure/" + set + ".hcl.bin"),
                                "--leaf",
                                certificate(set + "_vcek")),
                        NOW,
                        List.of())
                .with("--quote", file("azure/" + set + ".quote.msg"))
                .with("--quote-signature", file("azure/" + set + ".quote.sig"))
                .with("--pcrs", file("azure/" + set + ".pcrs.bin"));
    }

    private static Row blobAlone(String set) {
        return new Row(
                set,
                List.of("--azure-blob", file("azure/" + set + ".hcl.bin"), "--leaf", certificate(set + "_vcek")),
                NOW,
                List.of());
    }

    private static String nonce(String set) {
        return TpmQuote.parse(Vectors.read("azure/" + set + ".quote.msg"))
                .extraData()
                .toHex();
    }

    private static Stream<Row> rows() {
        String padding = "00".repeat(64 - nonce("az_userdata").length() / 2);
        return Stream.of(
                report("gsg_milan_v2_debug", "gsg_milan_vcek").failing("policy.guest-debug"),
                report("coco_milan_v2_idkey", "coco_milan_vcek"),
                report("coco_milan_v3_vlek", "coco_milan_vlek").at(VLEK_DAYS).failing("policy.vmpl"),
                report("coco_milan_v3_vlek", "coco_milan_vlek").failing("certificate-validity"),
                report("tav_milan_v3", "tav_milan_vcek"),
                report("tav_genoa_v3", "tav_genoa_vcek"),
                report("tav_turin_v5", "tav_turin_vcek"),
                report("tav_turin_v5", "tav_turin_vcek")
                        .at("2026-01-01T00:00:00Z")
                        .failing("certificate-validity"),
                report("az_genoa_v3", "az_genoa_vcek"),
                report("az_userdata_v3", "az_userdata_vcek"),
                report("az_milan3_v3", "az_milan3_vcek"),
                report("az_coco_milan_v2", "az_coco_milan_vcek"),
                report("az_kinvolk_v2", "az_kinvolk_vcek").failing("chip-id", "report-signature"),
                tampered("turin_flip_reportdata").failing("report-signature"),
                tampered("turin_policy_debug").failing("report-signature"),
                tampered("turin_flip_reserved_208").failing("report-format"),
                tampered("turin_version_6").failing("report-format"),
                tampered("turin_sig_trailer_4000").failing("report-format"),
                report("tav_turin_v5", "sev_turin_vcek_only").failing("tcb-match", "chip-id", "report-signature"),
                report("tav_turin_v5", "tav_turin_vcek")
                        .with("--issuer", certificate("genoa_ask"), "--root", certificate("genoa_ark"))
                        .failing("certificate-chain", "product-line"),
                report("tav_turin_v5", "tav_genoa_vcek").failing("product-line", "report-signature"),
                report("tav_genoa_v3", "tav_genoa_vcek")
                        .with("--issuer", certificate("genoa_asvk"))
                        .failing("certificate-chain"),
                azure("az_genoa").with("--nonce", nonce("az_genoa")),
                azure("az_genoa").with("--report", file("reports/az_genoa_v3.bin"), "--nonce", nonce("az_genoa")),
                azure("az_genoa")
                        .with("--report", file("reports/az_milan3_v3.bin"), "--nonce", nonce("az_genoa"))
                        .failing("product-line", "report-signature", "binding"),
                azure("az_genoa").with("--nonce", nonce("az_genoa") + "00").failing("quote-nonce"),
                azure("az_genoa")
                        .with("--nonce", nonce("az_genoa").substring(2))
                        .failing("quote-nonce"),
                azure("az_genoa").with("--nonce", "00").failing("quote-nonce"),
                azure("az_genoa")
                        .with("--quote", file("azure/az_userdata.quote.msg"), "--nonce", nonce("az_userdata"))
                        .failing("quote-signature"),
                azure("az_genoa")
                        .with("--pcrs", file("azure/az_userdata.pcrs.bin"), "--nonce", nonce("az_genoa"))
                        .failing("pcr-digest"),
                azure("az_genoa")
                        .with("--azure-blob", file("azure/az_milan3.hcl.bin"), "--nonce", nonce("az_genoa"))
                        .failing("product-line", "report-signature", "quote-signature"),
                azure("az_userdata").with("--nonce", nonce("az_userdata"), "--user-data", nonce("az_userdata")),
                azure("az_userdata")
                        .with("--nonce", nonce("az_userdata"), "--user-data", nonce("az_userdata") + padding),
                azure("az_userdata")
                        .with("--nonce", nonce("az_userdata"), "--user-data", "00")
                        .failing("binding"),
                blobAlone("az_genoa"),
                blobAlone("az_genoa").with("--nonce", nonce("az_genoa")).failing("quote-nonce"),
                azure("az_milan3"),
                azure("az_milan3").with("--nonce", nonce("az_genoa")).failing("quote-nonce"),
                new Row(
                                "az_coco_milan",
                                List.of(
                                        "--azure-blob",
                                        file("azure/az_coco_milan.hcl.bin"),
                                        "--leaf",
                                        certificate("az_coco_milan_vcek")),
                                NOW,
                                List.of())
                        .with("--quote", file("azure/az_coco_milan.quote.msg"))
                        .with("--quote-signature", file("azure/az_coco_milan.quote.sig"))
                        .with("--pcrs", file("azure/az_genoa.pcrs.bin"), "--nonce", "6368616c6c656e6765")
                        .failing("quote-signature"),
                new Row(
                                "az_kinvolk",
                                List.of(
                                        "--azure-blob",
                                        file("azure/az_kinvolk.hcl.bin"),
                                        "--leaf",
                                        certificate("az_kinvolk_vcek")),
                                NOW,
                                List.of())
                        .failing("chip-id", "report-signature"));
    }

    @TestFactory
    Stream<DynamicTest> everyVectorGetsItsVerdict() {
        return rows().map(row -> DynamicTest.dynamicTest(row.name() + " " + row.failed(), () -> {
            Answer answer = verify(
                    row.with("--at", row.at(), "--policy", policy.toString()).arguments());

            boolean accepted = row.failed().isEmpty();
            assertThat(answer.failed()).isEqualTo(row.failed());
            assertThat(answer.json().get("verdict").asText()).isEqualTo(accepted ? "accepted" : "rejected");
            assertThat(answer.exitCode()).isEqualTo(accepted ? 0 : 1);
        }));
    }

    @Test
    void theDefaultPolicyAcceptsGenuineGenoaAndTurinAndRefusesMilanAndDebugging() throws IOException {
        assertThat(byDefault("tav_genoa_v3", "tav_genoa_vcek").exitCode()).isZero();
        assertThat(byDefault("tav_turin_v5", "tav_turin_vcek").exitCode()).isZero();
        assertThat(byDefault("tav_milan_v3", "tav_milan_vcek").failed()).contains("policy.product-line");
        assertThat(byDefault("gsg_milan_v2_debug", "gsg_milan_vcek").failed())
                .contains("policy.product-line", "policy.guest-debug");
    }

    private static Answer byDefault(String report, String leaf) throws IOException {
        return verify(report(report, leaf).with("--at", NOW).arguments());
    }

    private record Answer(int exitCode, JsonNode json) {
        List<String> failed() {
            List<String> names = new ArrayList<>();
            json.get("checks").forEach(check -> {
                if (check.get("result").asText().equals("failed")) {
                    names.add(check.get("name").asText());
                }
            });
            return names;
        }
    }

    private static Answer verify(List<String> arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("verify", "--json", "--offline"));
        all.addAll(arguments);
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        int code = new AttestCommand(new PrintStream(written, true, StandardCharsets.UTF_8)).run(all);
        return new Answer(code, new ObjectMapper().readTree(written.toByteArray()));
    }
}
