package io.cloister.cli.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.ledger.membership.BundledChain;
import io.cloister.ledger.receipt.bundle.Bundle;
import io.cloister.ledger.receipt.bundle.BundleCase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The classes that the build puts into cloister-verifier.jar, on a class path of their own. */
class VerifierJarTest {
    private static final BundledChain CHAIN = new BundledChain();
    private static final Pattern EXECUTION = Pattern.compile("<id>verifier</id>.*?</execution>", Pattern.DOTALL);
    private static final Pattern INCLUDE = Pattern.compile("<include>([^<]+)</include>");

    @TempDir
    static Path folder;

    @BeforeAll
    static void copyWhatTheJarHas() throws Exception {
        Path classes = Path.of(ReceiptVerifier.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<PathMatcher> included = included();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path name = classes.relativize(file);
                if (included.stream().anyMatch(it -> it.matches(name))) {
                    Files.createDirectories(folder.resolve(name).getParent());
                    Files.copy(file, folder.resolve(name));
                }
            }
        }
    }

    private static List<PathMatcher> included() throws IOException {
        String execution = EXECUTION
                .matcher(Files.readString(Path.of("pom.xml")))
                .results()
                .map(MatchResult::group)
                .findFirst()
                .orElseThrow();
        return INCLUDE.matcher(execution)
                .results()
                .map(it -> FileSystems.getDefault().getPathMatcher("glob:" + it.group(1)))
                .toList();
    }

    private record Ended(int code, String output) {}

    private static Ended verify(Path file, String anchor) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        folder.toString(),
                        ReceiptVerifier.class.getName(),
                        file.toString(),
                        "--anchor",
                        anchor)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    @Test
    void needsNothingButTheRuntimeForAnyFormAndAnchor() throws Exception {
        for (Bundle bundle : List.of(CHAIN.bundle(11, 1), CHAIN.bundle(1, 11))) {
            Path json = Files.writeString(folder.resolve("receipt.json"), bundle.json());
            Path cbor =
                    Files.write(folder.resolve("receipt.cbor"), bundle.cbor().toArray());
            Path cose =
                    Files.write(folder.resolve("receipt.cose"), bundle.cose().toArray());
            for (Path file : List.of(json, cbor, cose)) {
                Ended ended = verify(file, bundle.start().anchor().toString());
                assertThat(ended.output()).contains("accepted").contains("passed attestation");
                assertThat(ended.code()).isZero();
            }
        }
    }

    @Test
    void saysWhatDoesNotHoldAndWhatIsNoReceipt() throws Exception {
        BundleCase bad = BundleCase.all(CHAIN).getLast();
        Path file = Files.writeString(folder.resolve("bad.json"), bad.json());
        Ended ended = verify(file, bad.anchor().toString());
        assertThat(ended.output()).contains("failed " + bad.fails()).contains("rejected");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(verify(Files.writeString(file, "{}"), bad.anchor().toString())
                        .code())
                .isEqualTo(2);
        assertThat(verify(file, "nothing").code()).isEqualTo(2);
    }
}
