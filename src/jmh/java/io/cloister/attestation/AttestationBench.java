package io.cloister.attestation;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.release.LaunchDigestBenchmark;
import io.cloister.attestation.snp.Memory;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SignatureProvider;
import io.cloister.attestation.snp.SnpCertificate;
import io.cloister.attestation.snp.SnpVerifier;
import io.cloister.codec.Bytes;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Verifications of reports a second of processor time, beside what OpenSSL reaches in the same run. With {@code --json}
 * one line on standard output, else a table. The reports are of chips of a test authority, made anew for each run.
 */
public final class AttestationBench {
    private static final int CHIPS = 64;

    /** More certificates than the JDK remembers having parsed. */
    private static final int FILLERS = 800;

    private static final List<String> PROVIDERS = List.of("accp", "bc");

    private record Case(Bytes report, Collateral chain) {}

    private final List<Case> cases = Stream.generate(() -> TestChips.chip(ProductLine.GENOA))
            .limit(CHIPS)
            .map(AttestationBench::signedBy)
            .toList();
    private final Set<Bytes> roots = TestChips.roots(ProductLine.GENOA);

    private AttestationBench() {}

    private static Case signedBy(SimulatedChip chip) {
        return new Case(chip.sign(TestChips.report(chip, 3)), chip.collateral());
    }

    /** Prints the figures. */
    public static void main(String[] arguments) {
        ObjectNode figures = new AttestationBench().measure();
        System.out.println(List.of(arguments).contains("--json") ? figures.toString() : table(figures));
    }

    private ObjectNode measure() {
        ObjectNode figures = new ObjectMapper().createObjectNode();
        ObjectNode full = figures.putObject("full_per_second");
        ObjectNode cached = figures.putObject("cached_per_second");
        ObjectNode forgetful = figures.putObject("full_with_root_per_second");
        ObjectNode ratio = figures.putObject("cached_to_openssl");
        Optional<OpensslSpeed> openssl = OpensslSpeed.measure();
        for (String name : PROVIDERS) {
            Optional<SignatureProvider> provider = provider(name);
            put(full, name, provider.map(found -> rate(found, Memory.ROOTS)));
            put(forgetful, name, provider.map(found -> rate(found, Memory.NOTHING)));
            Optional<Double> best = provider.map(found -> rate(found, Memory.CHAINS));
            put(cached, name, best);
            put(ratio, name, best.flatMap(rate -> openssl.map(speed -> rate / speed.p384())));
        }
        openssl.ifPresentOrElse(
                speed -> figures.putObject("openssl")
                        .put("version", speed.version())
                        .put("ecdsap384_verify_per_second", rounded(speed.p384()))
                        .put("rsa4096_verify_per_second", rounded(speed.rsa4096())),
                () -> figures.putNull("openssl"));
        figures.put("launch_digest_ms", rounded(launchDigest()));
        return figures;
    }

    private static Optional<SignatureProvider> provider(String name) {
        return SignatureProvider.available().stream()
                .filter(provider -> provider.name().equals(name))
                .findFirst();
    }

    private double rate(SignatureProvider provider, Memory memory) {
        SnpVerifier verifier = new SnpVerifier(provider, memory);
        return CpuRate.of(
                () -> cases.forEach(one -> verify(verifier, one)),
                CHIPS,
                memory == Memory.CHAINS ? () -> {} : this::pushOutParsedCertificates);
    }

    private void verify(SnpVerifier verifier, Case one) {
        Collateral chain = one.chain();
        var verification =
                verifier.verify(one.report(), chain.vek(), chain.intermediate(), chain.root(), roots, TestChips.AT);
        if (verification.report().isEmpty()) {
            throw new IllegalStateException("a report that is to be measured is refused: " + verification.outcomes());
        }
    }

    /** The JDK answers a certificate that it has parsed lately with the same object; here each is parsed anew. */
    private void pushOutParsedCertificates() {
        byte[] filler = cases.getFirst().chain().vek().toArray();
        for (int i = 0; i < FILLERS; i++) {
            filler[filler.length - 1] = (byte) i;
            filler[filler.length - 2] = (byte) (i >> 8);
            SnpCertificate.parse(Bytes.of(filler));
        }
    }

    private static double launchDigest() {
        LaunchDigestBenchmark benchmark = new LaunchDigestBenchmark();
        benchmark.prepare();
        return 1000 / CpuRate.of(benchmark::launch, 1, () -> {});
    }

    private static void put(ObjectNode figures, String name, Optional<Double> figure) {
        figure.ifPresentOrElse(found -> figures.put(name, rounded(found)), () -> figures.putNull(name));
    }

    private static BigDecimal rounded(double figure) {
        return BigDecimal.valueOf(figure).setScale(figure < 100 ? 2 : 0, RoundingMode.HALF_UP);
    }

    private static String table(ObjectNode figures) {
        StringBuilder table = new StringBuilder("%-28s %12s %12s%n".formatted("", "accp", "bc"));
        figures.forEachEntry((name, value) -> {
            if (value.has("accp")) {
                table.append("%-28s %12s %12s%n".formatted(name, value.get("accp"), value.get("bc")));
            } else if (value.isObject()) {
                value.forEachEntry((key, inner) -> table.append("%-28s %s%n".formatted("openssl " + key, inner)));
            } else {
                table.append("%-28s %s%n".formatted(name, value));
            }
        });
        return table.toString().stripTrailing();
    }
}
