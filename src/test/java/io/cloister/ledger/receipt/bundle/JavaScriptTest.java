package io.cloister.ledger.receipt.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.ledger.membership.BundledChain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console's verifier under Node.js says of each bundle what the Java one says. */
class JavaScriptTest {
    private static final Path VERIFIER = Path.of("src", "main", "webapp", "receipt.js");
    private static final Path SCRIPT = Path.of("src", "test", "resources", "console", "receipts.mjs");

    @TempDir
    private Path folder;

    @Test
    void saysTheSameOfEveryBundle() throws Exception {
        assumeTrue(hasNode(), "Node.js is not installed");
        List<BundleCase> cases = new ArrayList<>(BundleCase.all(new BundledChain()));
        cases.addAll(GoldenBundles.cases());
        Path file = Files.writeString(
                folder.resolve("cases.json"),
                cases.stream().map(JavaScriptTest::json).collect(Collectors.joining(",", "[", "]")));
        Process node = new ProcessBuilder("node", SCRIPT.toString(), VERIFIER.toString(), file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(node.waitFor()).as(output).isZero();
        JsonNode said = new ObjectMapper().readTree(output);
        assertThat(said).hasSameSizeAs(cases);
        for (int i = 0; i < cases.size(); i++) {
            assertThat(said.get(i).path("fails").asText())
                    .as(cases.get(i).name() + ": " + said.get(i).path("detail"))
                    .isEqualTo(cases.get(i).fails());
        }
    }

    private static String json(BundleCase it) {
        return "{\"bundle\":" + it.json() + ",\"anchor\":{\"height\":"
                + it.anchor().height() + ",\"validators\":\""
                + it.anchor().validatorsHash().to0x() + "\"}}";
    }

    private static boolean hasNode() {
        try {
            return new ProcessBuilder("node", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
