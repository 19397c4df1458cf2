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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Verifications of reports a second of processor time, beside what OpenSSL reaches in the same run. With {@code --json}
 * one line on standard output, else a table. The reports are of chips of a test authority, made anew for each run.
 */
public final class AttestationBench {
    private static final int CHIPS = 64;
    private static final int ROUNDS = 3;

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

    /** All in turn in each round, so that a busy moment of the machine falls on all alike. */
    private ObjectNode measure() {
        Map<Memory, Map<String, CpuRate>> rates = new EnumMap<>(Memory.class);
        for (Memory memory : Memory.values()) {
            Map<String, CpuRate> byProvider = new TreeMap<>();
            SignatureProvider.available().forEach(one -> byProvider.put(one.name(), rate(one, memory)));
            rates.put(memory, byProvider);
        }
        LaunchDigestBenchmark launch = new LaunchDigestBenchmark();
        launch.prepare();
        CpuRate launches = new CpuRate(launch::launch, 1, () -> {});
        Optional<OpensslSpeed> openssl = OpensslSpeed.measure();
        for (int round = 0; round < ROUNDS; round++) {
            rates.values().forEach(byProvider -> byProvider.values().forEach(CpuRate::round));
            launches.round();
            if (round > 0) {
                openssl = openssl.flatMap(known -> OpensslSpeed.measure().map(known::orFaster));
            }
        }
        return figures(rates, openssl, 1000 / launches.best());
    }

    private static ObjectNode figures(
            Map<Memory, Map<String, CpuRate>> rates, Optional<OpensslSpeed> openssl, double launchMillis) {
        ObjectNode figures = new ObjectMapper().createObjectNode();
        put(figures.putObject("full_per_second"), name -> best(rates, Memory.ROOTS, name));
        put(figures.putObject("cached_per_second"), name -> best(rates, Memory.CHAINS, name));
        put(figures.putObject("full_with_root_per_second"), name -> best(rates, Memory.NOTHING, name));
        put(
                figures.putObject("cached_to_openssl"),
                name -> best(rates, Memory.CHAINS, name).flatMap(rate -> openssl.map(speed -> rate / speed.p384())));
        openssl.ifPresentOrElse(
                speed -> figures.putObject("openssl")
                        .put("version", speed.version())
                        .put("ecdsap384_verify_per_second", rounded(speed.p384()))
                        .put("rsa4096_verify_per_second", rounded(speed.rsa4096())),
                () -> figures.putNull("openssl"));
        return figures.put("launch_digest_ms", rounded(launchMillis));
    }

    /** Empty where the provider does not run. */
    private static Optional<Double> best(Map<Memory, Map<String, CpuRate>> rates, Memory memory, String provider) {
        return Optional.ofNullable(rates.getOrDefault(memory, Map.of()).get(provider))
                .map(CpuRate::best);
    }

    private CpuRate rate(SignatureProvider provider, Memory memory) {
        SnpVerifier verifier = new SnpVerifier(provider, memory);
        return new CpuRate(
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

    private static void put(ObjectNode figures, Function<String, Optional<Double>> figure) {
        for (String name : PROVIDERS) {
            figure.apply(name).ifPresentOrElse(found -> figures.put(name, rounded(found)), () -> figures.putNull(name));
        }
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
