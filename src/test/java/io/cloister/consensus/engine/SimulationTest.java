package io.cloister.consensus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Seeded runs of the production core, driver, codec and participant under faults. {@code -Dcloister.budget=S} sets how
 * many seconds each size gets, {@code -Dcloister.sim.seed=N} repeats one run of each size.
 */
class SimulationTest {
    private static final Logger LOG = Logger.getLogger("io.cloister.consensus");
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

    @Test
    void fourNodesAgreeAndRecoverWithOneEquivocator() {
        campaign(4, 1);
    }

    @Test
    void sevenNodesAgreeAndRecoverWithTwoEquivocators() {
        campaign(7, 2);
    }

    @Test
    void fiveNodesAgreeWhereAQuorumOfThreeWouldNot() {
        campaign(5, 1);
    }

    private static void campaign(int nodes, int byzantine) {
        long single = Long.getLong("cloister.sim.seed", -1);
        long budget = Long.getLong("cloister.budget", 15) * 1_000_000_000L / 3;
        long start = System.nanoTime();
        long runs = 0;
        long heights = 0;
        long steps = 0;
        int rounds = 0;
        for (long seed = single < 0 ? 1 : single; runs == 0 || System.nanoTime() - start < budget; seed++) {
            Simulation.Outcome outcome =
                    new Simulation(seed, Simulation.weights(nodes, byzantine, seed), byzantine).run();
            assertThat(outcome.violations())
                    .as("n=%d, repeat with -Dcloister.sim.seed=%d", nodes, seed)
                    .isEmpty();
            runs++;
            heights += outcome.heights();
            steps += outcome.steps();
            rounds = Math.max(rounds, outcome.highestRound());
            if (single >= 0) {
                break;
            }
        }
        System.out.printf(
                "consensus simulation n=%d byzantine=%d: %d runs, %d heights, %d steps, highest round %d, no violation%n",
                nodes, byzantine, runs, heights, steps, rounds);
    }
}
