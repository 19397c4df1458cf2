package io.cloister.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.Policy;
import io.cloister.attestation.format.AttestationResult;
import io.cloister.attestation.format.EvidenceFormat;
import io.cloister.attestation.format.Jws;
import io.cloister.attestation.platform.TestAuthority;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.Tcb;
import io.cloister.cli.NodeClient;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.node.settings.Settings;
import io.cloister.tests.TestDatabase;
import io.cloister.tests.TestSettings;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that has proved itself and waits for its genesis, asked for evidence and for its judgement. */
class AttestationIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static TestDatabase database;
    private static Settings settings;
    private static NodeProcess node;
    private static NodeClient client;

    @BeforeAll
    static void startNode() throws Exception {
        database = TestDatabase.start();
        Path file = TestSettings.write(folder, "node", database, 0);
        simulate(file);
        settings = Settings.load(file);
        node = NodeProcess.start(file, folder.resolve("output"));
        node.awaitOutput("https on 127.0.0.1");
        client = new NodeClient(
                URI.create("https://127.0.0.1:" + settings.https().port()));
        for (int i = 0;
                i < 600 && ask("attestation/certificates", "application/json").statusCode() != 200;
                i++) {
            Thread.sleep(100);
        }
    }

    /** A chip of a test authority in the node's own process, and a policy that names them. */
    private static void simulate(Path file) throws Exception {
        Bytes measurement = Hashes.sha384(Bytes.utf8("a release"));
        TestAuthority authority =
                TestAuthority.create(ProductLine.GENOA, Instant.now().minus(Duration.ofDays(1)));
        Path chip = Files.createDirectory(folder.resolve("chip"));
        authority.issueChip(Tcb.early(10, 0, 23, 84)).save(chip);
        Files.writeString(chip.resolve("measurement.hex"), measurement.toHex());
        Files.writeString(
                folder.resolve("policy.json"),
                Policy.devnet(List.of(measurement), List.of(authority.rootDigest()))
                        .toJson());
        Files.writeString(
                file,
                "cloister.platform.kind=pure-java\ncloister.platform.authority=chip\n",
                StandardOpenOption.APPEND);
    }

    @AfterAll
    static void stopNode() throws Exception {
        node.close();
        database.close();
    }

    private static HttpResponse<byte[]> ask(String path, String accept) throws Exception {
        return send(HttpRequest.newBuilder(uri(path)).header("Accept", accept));
    }

    private static HttpResponse<byte[]> post(String path, String accept, String body) throws Exception {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Accept", accept)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static URI uri(String path) {
        return URI.create(client.uri() + "/v1/" + path);
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return client.http()
                .send(request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String nonce() throws Exception {
        HttpResponse<byte[]> answer = post("attestation/challenges", "application/json", "");
        assertThat(answer.statusCode()).isEqualTo(201);
        return JSON.readTree(answer.body()).get("nonce").textValue();
    }

    private static void assertProblem(HttpResponse<byte[]> answer, int status, String code) throws Exception {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
        assertThat(JSON.readTree(answer.body()).get("code").textValue()).isEqualTo(code);
    }

    @Test
    void givesEvidenceInTheFormThatIsAskedFor() throws Exception {
        HttpResponse<byte[]> json = ask("attestation/evidence?nonce=" + nonce(), "*/*");
        assertThat(json.headers().firstValue("Content-Type")).contains("application/json");
        EvidenceFormat.JSON.read(Bytes.of(json.body()));
        HttpResponse<byte[]> cbor =
                ask("attestation/evidence?nonce=" + nonce(), "application/json;q=0.1, application/cbor");
        assertThat(cbor.headers().firstValue("Content-Type")).contains("application/cbor");
        EvidenceFormat.CBOR.read(Bytes.of(cbor.body()));
        assertProblem(ask("attestation/evidence?nonce=" + nonce(), "text/html"), 406, "not-acceptable");
    }

    @Test
    void usesAChallengeUpByOneEvidence() throws Exception {
        String nonce = nonce();
        assertThat(ask("attestation/evidence?nonce=" + nonce, "application/cbor")
                        .statusCode())
                .isEqualTo(200);
        assertProblem(ask("attestation/evidence?nonce=" + nonce, "application/cbor"), 409, "challenge-used");
    }

    @Test
    void signsItsJudgementWithTheKeyThatItsEvidenceBinds() throws Exception {
        String nonce = nonce();
        byte[] document =
                ask("attestation/evidence?nonce=" + nonce, "application/json").body();
        Evidence evidence = EvidenceFormat.JSON.read(Bytes.of(document));
        String request = JSON.createObjectNode()
                .put("nonce", nonce)
                .put("spki", evidence.keys().tlsSpki().to0x())
                .set("document", JSON.readTree(document))
                .toString();
        JsonNode verdict = JSON.readTree(
                post("attestation/verify", "application/json", request).body());
        assertThat(verdict.get("verdict").textValue()).as(verdict.toString()).isEqualTo("accepted");
        HttpResponse<byte[]> token = post("attestation/verify", "application/eat+jwt", request);
        assertThat(token.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/eat+jwt");
        Bytes claims = Jws.verify(
                Bytes.of(token.body()).asUtf8(),
                AttestationResult.TYPE,
                evidence.keys().resultKey33());
        assertThat(JSON.readTree(claims.asUtf8())
                        .at("/submods/guest/ear.status")
                        .textValue())
                .isEqualTo("warning");
        assertProblem(post("attestation/verify", "text/html", request), 406, "not-acceptable");
    }

    @Test
    void bindsItsEvidenceToTheConnection() throws Exception {
        Policy policy = Policy.parse(Bytes.of(Files.readAllBytes(settings.policyFile())));
        assertThat(client.attest(policy).verdict().accepted()).isTrue();
    }

    @Test
    void showsItsCertificatesAndThatItHasNoSignedRelease() throws Exception {
        JsonNode certificates = JSON.readTree(
                ask("attestation/certificates", "application/json").body());
        assertThat(certificates.get("kind").textValue()).isEqualTo("snp");
        assertThat(certificates.get("certificates").size()).isGreaterThanOrEqualTo(3);
        assertProblem(ask("attestation/release", "application/json"), 404, "no-signed-release");
        assertProblem(ask("attestation/network", "application/json"), 503, "node-not-ready");
    }
}
