package io.cloister.evm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.codec.Vectors;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The official state tests. They are taken in strides, so that however many fit in the seconds of {@code
 * cloister.budget}, they are spread evenly over all; with enough seconds, all run.
 */
class StateTestsTest {
    private static final int STRIDE = 61;
    private static final int LEAST_RUN_PERCENT = 80;

    /** The precompiled contracts of these forks that docs/evm.md says are missing. */
    private static final Set<String> MISSING =
            Set.of("0x8", "0xa", "0xb", "0xc", "0xd", "0xe", "0xf", "0x10", "0x11");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long BUDGET_NANOS =
            Long.getLong("cloister.budget", 20) * 1_000_000_000L / Fork.values().length;

    @ParameterizedTest
    @EnumSource
    void givesTheStateAndLogsOfTheOfficialTests(Fork fork) throws IOException {
        List<String> lines = lines("evm/state_tests_" + fork.name().toLowerCase(Locale.ROOT) + ".jsonl.gz");
        Simulator simulator = new LocalSimulator(System::nanoTime);
        long end = System.nanoTime() + BUDGET_NANOS;
        int run = 0;
        int seen = 0;
        Map<String, Integer> skipped = new TreeMap<>();
        List<String> failures = new ArrayList<>();
        for (int first = 0; first < STRIDE; first++) {
            for (int i = first; i < lines.size() && System.nanoTime() < end; i += STRIDE) {
                seen++;
                StateTestCase test = new StateTestCase(JSON.readTree(lines.get(i)));
                try {
                    Optional<String> wrong = test.run(simulator);
                    run++;
                    wrong.ifPresent(what -> failures.add(test.id() + ": " + what));
                } catch (UnsupportedPrecompileException e) {
                    skipped.merge(e.address().toHex().replaceFirst("^0+", "0x"), 1, Integer::sum);
                } catch (RuntimeException e) {
                    run++;
                    failures.add(test.id() + ": " + e);
                }
            }
        }
        System.out.printf(
                "state tests %s: %d of %d run passed; %d of %d cases seen; skipped for missing precompiles: %s%n",
                fork, run - failures.size(), run, seen, lines.size(), skipped);
        assertThat(failures).isEmpty();
        assertThat(MISSING).containsAll(skipped.keySet());
        assertThat(run).as("run of %d seen", seen).isPositive().isGreaterThanOrEqualTo(seen * LEAST_RUN_PERCENT / 100);
    }

    private static List<String> lines(String name) throws IOException {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(Vectors.open(name), StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }
}
