package io.cloister.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.node.settings.Settings;
import io.cloister.tests.TestDatabase;
import io.cloister.tests.TestSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a node answers to requests that no well-meaning client sends, byte for byte. */
class HttpEdgesIT {
    private static final int PATIENCE_MILLIS = 180_000;

    @TempDir
    private static Path folder;

    private static TestDatabase database;
    private static Settings settings;
    private static NodeProcess node;

    @BeforeAll
    static void startNode() throws Exception {
        database = TestDatabase.start();
        Path file = TestSettings.write(folder, "node", database, 0);
        settings = Settings.load(file);
        node = NodeProcess.start(file, folder.resolve("output"));
        node.awaitOutput("https on 127.0.0.1");
    }

    @AfterAll
    static void stopNode() throws Exception {
        node.close();
        database.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /nope, 404, not-found",
        "GET, /problem, 404, not-found",
        "GET, /v2/node, 404, not-found",
        "GET, /favicon.ico, 404, not-found",
        "GET, /WEB-INF/web.xml, 404, not-found",
        "GET, /v1/nope, 404, not-found",
        "GET, /v1/blocks/..%2f..%2fetc, 404, not-found",
        "GET, /health/nope, 404, not-found",
        "GET, /health/live/x, 404, not-found",
        "GET, /v1/application.wadl, 404, not-found",
        "GET, /v1/application.wadl/xsd0.xsd, 404, not-found",
        "PUT, /, 403, forbidden",
        "DELETE, /, 403, forbidden",
        "PATCH, /, 501, not-implemented",
        "SPY, /health, 501, not-implemented",
        "PUT, /health, 405, method-not-allowed",
        "DELETE, /v1/node, 405, method-not-allowed"
    })
    void answersWithAProblem(String method, String path, int status, String code) throws Exception {
        assertProblem(ask(method + " " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), status, code);
    }

    @ParameterizedTest
    @CsvSource({"gateways, garbage", "gateways, /", "gateways, ''", "transfers, a/b/c"})
    void refusesATypeThatIsNone(String resource, String type) throws Exception {
        assertProblem(post(resource, "Content-Type: " + type + "\r\nContent-Length: 2\r\n\r\n{}"), 400, "bad-request");
    }

    @ParameterizedTest
    @CsvSource({"gateways", "transfers", "attestation/verify"})
    void refusesAMissingBody(String resource) throws Exception {
        assertProblem(post(resource, "Content-Length: 0\r\n\r\n"), 400, "malformed-json");
        assertProblem(post(resource, "\r\n"), 400, "malformed-json");
    }

    @Test
    void answersABodyThatStallsAndLogsNoTrace() throws Exception {
        String before = node.output();

        Answer answer = post("gateways", "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{}");

        assertProblem(answer, 400, "body-incomplete");
        assertThat(node.output().substring(before.length())).doesNotContain("\tat ");
    }

    @Test
    void answersHeadOfTheEventStreamAtOnce() throws Exception {
        for (int i = 0; i < 3; i++) {
            Answer answer = ask("HEAD /v1/events HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(answer.status())
                    .as("the node of this test has no events yet")
                    .isEqualTo(503);
            assertThat(answer.body()).isEmpty();
        }
    }

    @Test
    void namesNoServer() throws Exception {
        Answer answer = ask("GET /nope HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        assertThat(answer.head() + answer.body())
                .doesNotContainIgnoringCase("payara")
                .doesNotContainIgnoringCase("jersey")
                .doesNotContainIgnoringCase("glassfish");
    }

    private record Answer(int status, String head, String body) {}

    private static void assertProblem(Answer answer, int status, String code) throws IOException {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.head()).contains("application/problem+json");
        String json = answer.body()
                .substring(answer.body().indexOf('{'), answer.body().lastIndexOf('}') + 1);
        JsonNode problem = new ObjectMapper().readTree(json);
        assertThat(problem.path("code").asText()).isEqualTo(code);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
    }

    private static Answer post(String resource, String rest) throws Exception {
        return ask("POST /v1/" + resource + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + rest);
    }

    private static Answer ask(String request) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustWhateverIsShown()}, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(
                        InetAddress.ofLiteral("127.0.0.1"), settings.https().port())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 ");
            int end = answer.indexOf("\r\n\r\n");
            return new Answer(
                    Integer.parseInt(answer.substring(9, 12)), answer.substring(0, end), answer.substring(end + 4));
        }
    }
}
