package io.cloister.consensus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Seeded runs of the production engine under faults: 125 seeds for each size, or {@code -Dcloister.sim.seeds=N};
 * {@code -Dcloister.sim.seed=N} is the first. The nightly profile takes ten thousand fresh ones. Each run can be repeated with the line that a failure prints.
 */
class SimulationTest {
    private static final Logger LOG = Logger.getLogger("io.cloister.consensus");
    private static final double MINUTES = 0.35;
    private static Level before = Level.INFO;

    @BeforeAll
    static void quiet() {
        before = LOG.getLevel();
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        LOG.setLevel(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 7, 8})
    void nodesAgreeAndGoOnWhateverUpToAThirdOfThemDo(int nodes) {
        run(nodes, Long.getLong("cloister.sim.seed", 1), Long.getLong("cloister.sim.seeds", 125));
    }

    /** Seeds that nobody has seen; the line that a failure prints repeats its run. */
    @ParameterizedTest
    @ValueSource(ints = {4, 5, 7, 8})
    @Tag("nightly")
    void tenThousandFreshSeedsFindNothing(int nodes) {
        long fresh = Math.floorMod(System.nanoTime() ^ System.currentTimeMillis() << 20, 1L << 40);
        run(nodes, Long.getLong("cloister.sim.seed", fresh), Long.getLong("cloister.sim.seeds", 10_000));
    }

    private static void run(int nodes, long first, long seeds) {
        long heights = 0;
        long steps = 0;
        long epochs = 0;
        for (long seed = first; seed < first + seeds; seed++) {
            SimParameters parameters = new SimParameters(seed, nodes, MINUTES, Set.of());
            SimRun.Outcome outcome = new SimRun(parameters).run();
            assertThat(outcome.violations())
                    .as("repeat: %s", parameters.command())
                    .isEmpty();
            heights += outcome.heights();
            steps += outcome.steps();
            epochs += outcome.epochs();
        }
        System.out.printf(
                "consensus simulation n=%d: %d seeds from %d, %d heights, %d steps, %d recoveries, no violation%n",
                nodes, seeds, first, heights, steps, epochs);
    }

    @Test
    void aRunRepeatsExactly() {
        SimParameters parameters = new SimParameters(77, 4, 0.2, Set.of());
        SimRun.Outcome one = new SimRun(parameters).run();
        SimRun.Outcome other = new SimRun(parameters).run();
        assertThat(List.of(one.heights(), one.steps(), one.epochs()))
                .isEqualTo(List.of(other.heights(), other.steps(), other.epochs()));
    }
}
