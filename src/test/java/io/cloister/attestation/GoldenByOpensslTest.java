package io.cloister.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OpenSSL says of the project's own vectors what their index says; skipped where it is not installed. */
class GoldenByOpensslTest {
    private static final Path OPENSSL = Path.of("/usr/bin/openssl");
    private static final int SIGNED = 0x2A0;

    @TempDir
    private Path folder;

    @BeforeEach
    void needsOpenssl() {
        Assumptions.assumeTrue(Files.isExecutable(OPENSSL), "OpenSSL is not installed");
    }

    private Path file(String name, Bytes content) {
        try {
            return Files.write(folder.resolve(name), content.toArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String run(Object... arguments) {
        List<String> command =
                new ArrayList<>(Stream.of(arguments).map(Object::toString).toList());
        command.addFirst(OPENSSL.toString());
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return output + " exit " + process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Path pem(String certificate) {
        Path der = file(certificate + ".der", Golden.certificate(certificate));
        Path pem = folder.resolve(certificate + ".pem");
        assertThat(run("x509", "-inform", "DER", "-in", der, "-out", pem)).endsWith("exit 0");
        return pem;
    }

    private Path key(String certificate) {
        Path key = folder.resolve(certificate + ".key");
        assertThat(run("x509", "-in", pem(certificate), "-noout", "-pubkey", "-out", key))
                .endsWith("exit 0");
        return key;
    }

    @ParameterizedTest
    @CsvSource({
        "milan_vcek, milan_ask, milan_ark",
        "milan_wrapped_vcek, milan_ask, milan_ark",
        "milan_vlek, milan_asvk, milan_ark",
        "genoa_vcek, genoa_ask, genoa_ark",
        "turin_vcek, turin_ask, turin_ark",
        "turin_other_vcek, turin_ask, turin_ark",
        "cloud_key, cloud_issuer, cloud_root"
    })
    void chainsHold(String leaf, String issuer, String root) {
        assertThat(run(
                        "verify",
                        "-attime",
                        Golden.at().getEpochSecond(),
                        "-CAfile",
                        pem(root),
                        "-untrusted",
                        pem(issuer),
                        pem(leaf)))
                .endsWith("OK\n exit 0");
    }

    @ParameterizedTest
    @CsvSource({
        "milan_v2_debug, milan_vcek, 0",
        "milan_v3_vlek, milan_vlek, 0",
        "genoa_v3_bound, genoa_vcek, 0",
        "genoa_v5, genoa_vcek, 0",
        "turin_v5, turin_vcek, 0",
        "milan_v2_idkey, milan_other_vcek, 1",
        "turin_v5, turin_other_vcek, 1"
    })
    void leafsSignedTheirReports(String report, String leaf, int exit) throws IOException {
        Bytes whole = Golden.report(report);
        ASN1EncodableVector numbers = new ASN1EncodableVector();
        for (int at : new int[] {SIGNED, SIGNED + 72}) {
            numbers.add(new ASN1Integer(
                    new BigInteger(1, whole.slice(at, 72).reversed().toArray())));
        }
        Path signature = file("signature", Bytes.wrap(new DERSequence(numbers).getEncoded()));
        Path signed = file("signed", whole.slice(0, SIGNED));

        assertThat(run("dgst", "-sha384", "-verify", key(leaf), "-signature", signature, signed))
                .endsWith("exit " + exit);
    }

    @ParameterizedTest
    @CsvSource({"nonce, 0", "empty, 0", "bound, 0", "selected, 0", "stranger, 1"})
    void theKeySignedItsQuotes(String quote, int exit) {
        Path message = file("message", Golden.read("tpm/" + quote + ".quote.msg"));
        Path signature = file("signature", Golden.read("tpm/" + quote + ".quote.sig"));

        assertThat(run("dgst", "-sha256", "-verify", key("cloud_key"), "-signature", signature, message))
                .endsWith("exit " + exit);
    }

    @ParameterizedTest
    @CsvSource({"empty, OK", "issuer, OK", "forged, failure"})
    void theRootSignedItsLists(String list, String word) {
        Path crl = file("list.crl", Golden.read("crls/" + list + ".crl"));

        assertThat(run("crl", "-inform", "DER", "-in", crl, "-noout", "-CAfile", pem("genoa_ark")))
                .contains("verify " + word);
    }
}
