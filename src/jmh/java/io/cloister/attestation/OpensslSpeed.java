package io.cloister.attestation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What OpenSSL says of itself by {@code openssl speed}, which counts processor time as well.
 *
 * @param p384 verifications of ECDSA on P-384 a second
 * @param rsa4096 verifications of RSA with 4096 bits a second
 */
record OpensslSpeed(String version, double p384, double rsa4096) {
    private static final String RATE = "verify/s";

    /** Empty when the command is not there or says something else. */
    static Optional<OpensslSpeed> measure() {
        try {
            String version = String.join("", output("openssl", "version")).strip();
            List<String> lines = output("openssl", "speed", "-seconds", "1", "ecdsap384", "rsa4096");
            return Optional.of(new OpensslSpeed(version, rate(lines, "nistp384"), rate(lines, "rsa")));
        } catch (IOException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    /** The better rate of both for each. */
    OpensslSpeed orFaster(OpensslSpeed other) {
        return new OpensslSpeed(version, Math.max(p384, other.p384), Math.max(rsa4096, other.rsa4096));
    }

    /** The headings stand above the last columns of a row. */
    private static double rate(List<String> lines, String name) {
        List<String> headings = List.of();
        for (String line : lines) {
            List<String> words = Arrays.asList(line.strip().split("\\s+"));
            if (words.contains(RATE)) {
                headings = words;
            } else if (!headings.isEmpty() && line.contains(name) && words.size() > headings.size()) {
                return Double.parseDouble(words.get(words.size() - headings.size() + headings.indexOf(RATE)));
            }
        }
        throw new IllegalStateException("no rate of " + name);
    }

    private static List<String> output(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException("openssl did not end well");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        return lines;
    }
}
