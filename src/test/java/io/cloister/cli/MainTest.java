package io.cloister.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.attestation.ShippedPolicies;
import io.cloister.client.ApiException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    private static final URI NODE = URI.create("https://127.0.0.1:8443");
    private static final String HTML = "<html><title>Some Server - Error report</title></html>";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "",
                "127.0.0.1:8443",
                "http://127.0.0.1:8080",
                "https://127.0.0.1:99999",
                "https://127.0.0.1:0",
                "https://:8443",
                "https://u:p@127.0.0.1",
                "https://127.0.0.1/?a=b",
                "https://a b"
            })
    void refusesWhatIsNoAddressOfANodeInPlainWords(String url) {
        assertThat(run(2, "status", url))
                .isEqualTo("cloister status: '" + url
                        + "' is not the https address of a node, such as https://127.0.0.1:8443\n");
    }

    @Test
    void takesTheAddressOfTheConsole() {
        assertThat(NodeAddress.parse("https://127.0.0.1:8443/")).isEqualTo(NODE);
        assertThat(NodeAddress.parse("https://127.0.0.1:8443//")).isEqualTo(NODE);
        assertThat(NodeAddress.parse("https://[::1]:8443")).hasHost("[::1]");
    }

    @Test
    void saysThatANodeIsNotReadyYetInsteadOfShowingItsServersPage() {
        for (ApiException early : List.of(new ApiException(404, null, HTML), new ApiException(500, null, null))) {
            assertThat(NodeAddress.noAnswer(NODE, early))
                    .hasMessageStartingWith(NODE + " is not ready yet, or no Cloister node answers there");
        }
    }

    @Test
    void saysThatNoNodeAnswersAtAWrongPath() {
        assertThat(NodeAddress.noAnswer(NodeAddress.parse(NODE + "/somewhere/"), new ApiException(404, null, HTML)))
                .hasMessage(NODE + "/somewhere is wrong: no Cloister node answers there (status 404)");
    }

    @Test
    void repeatsTheProblemOfANode() {
        String problem = """
                {"type":"about:blank","title":"The node is not ready","status":503,"code":"node-not-ready",\
                "detail":"the boot is in step VAULT"}""";

        assertThat(NodeAddress.noAnswer(NODE, new ApiException(503, null, problem)))
                .hasMessage(NODE + " answers: The node is not ready, the boot is in step VAULT");
        assertThat(NodeAddress.noAnswer(NODE, new ApiException(new ConnectException())))
                .hasMessage(NODE + " does not answer: no connection");
    }

    @Test
    void refusesFilesOfAFoundingThatCannotBeUsedByName() throws IOException {
        Path absent = folder.resolve("absent.json");
        Path assets = Files.writeString(folder.resolve("assets.json"), "{\"assets\": [], \"checkpoints\": {}}");
        Path value =
                Files.writeString(folder.resolve("value.json"), "{\"assets\": [], \"checkpoints\": {\"bitcoin\": 1}}");
        Path broken = Files.writeString(folder.resolve("broken.json"), "{");

        assertThat(genesis(assets, absent, NODE, NODE)).contains("one address is given twice");
        assertThat(genesis(absent, assets)).contains(absent + ": there is no such file");
        assertThat(genesis(assets, absent)).contains(absent + ": there is no such file");
        assertThat(genesis(value, absent)).contains("bitcoin holds value");
        assertThat(genesis(broken, absent))
                .contains(broken + ": not an assets file")
                .doesNotContain("fasterxml");
        assertThat(genesis(assets, broken))
                .contains(broken + ": not a policy: ")
                .doesNotContain("fasterxml");
    }

    @Test
    void refusesOperatorsThatAreNoneOrNotOneForEachNode() throws IOException {
        Path assets = Files.writeString(folder.resolve("assets.json"), "{\"assets\": [], \"checkpoints\": {}}");
        Path policy = Files.writeString(
                folder.resolve("policy.json"), ShippedPolicies.DEVNET.policy().toJson());
        String key = "02" + "11".repeat(32);

        assertThat(withOperators(assets, policy, "0211")).contains("--operators: an operator key has 33 bytes");
        assertThat(withOperators(assets, policy, key + "," + key))
                .contains("--operators: 2 operator keys for 1 members");
        assertThat(withOperators(assets, policy, "key")).contains("--operators: ");
    }

    private String withOperators(Path assets, Path policy, String keys) {
        return run(
                2,
                "genesis",
                "--assets",
                assets.toString(),
                "--policy",
                policy.toString(),
                "--out",
                folder.resolve("genesis.json").toString(),
                "--operators",
                keys,
                NODE.toString());
    }

    @Test
    void refusesAReceiptThatIsNone() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.json"), "[1]");

        assertThat(run(2, "verify", "receipt", broken.toString(), "--policy", broken.toString()))
                .isEqualTo("cloister verify: the receipt has no receipt\n");
        assertThat(run(2, "verify", "receipt", folder.toString(), "--policy", broken.toString()))
                .isEqualTo("cloister verify: " + folder + ": there is no such file\n");
    }

    @Test
    void refusesWhatIsNoPath() {
        Arguments arguments = Arguments.parse(List.of("--out", "a\0b"), Set.of("--out"), Set.of());

        assertThatThrownBy(() -> InputFile.path("--out", arguments)).hasMessage("--out: not a path");
    }

    private String genesis(Path assets, Path policy, URI... nodes) {
        List<String> words = new ArrayList<>(List.of(
                "genesis",
                "--assets",
                assets.toString(),
                "--policy",
                policy.toString(),
                "--out",
                folder.resolve("genesis.json").toString()));
        List.of(nodes).forEach(node -> words.add(node.toString()));
        return run(2, words.toArray(String[]::new));
    }

    private static String run(int code, String... words) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8);
        assertThat(Main.run(List.of(words), to, to)).isEqualTo(code);
        return said.toString(StandardCharsets.UTF_8);
    }
}
