package io.cloister.tests.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.node.boot.BootStage;
import io.cloister.tests.Wars;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

@ArquillianTest
@RunAsClient
class OperationsIT {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @ArquillianResource
    private URL base;

    @Deployment(testable = false)
    static WebArchive war() {
        return Wars.asBuilt();
    }

    @Test
    void readinessNamesItsStep() throws Exception {
        HttpResponse<String> answer = get("/health/ready");
        Map<String, JsonNode> checks = new HashMap<>();
        new ObjectMapper()
                .readTree(answer.body())
                .at("/checks")
                .forEach(check -> checks.put(check.at("/name").asText(), check));
        JsonNode check = checks.get("node");

        assertThat(answer.statusCode()).isIn(200, 503);
        assertThat(checks).containsOnlyKeys("node", "chains", "heads");
        assertThat(BootStage.values())
                .extracting(BootStage::name)
                .contains(check.at("/data/step").asText());
        assertThat(check.at("/data/phase").asText()).isIn("RUNNING", "FAILED", "DONE");
    }

    @Test
    void livenessHoldsWhileTheBootWaitsOrHasFailed() throws Exception {
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void metricsShowTheBoot() throws Exception {
        HttpResponse<String> answer = get("/metrics");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("cloister_boot_step").contains("cloister_ready");
    }

    @Test
    void plainHttpServesNothingElse() throws Exception {
        for (String path : List.of("", "v1/network", "index.html")) {
            HttpResponse<String> answer = get(base.getPath() + path);

            assertThat(answer.statusCode()).as(path).isEqualTo(403);
            assertThat(answer.headers().firstValue("content-type").orElse("")).startsWith("application/problem+json");
            assertThat(answer.body()).contains("\"code\":\"tls-required\"");
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://" + base.getAuthority() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
