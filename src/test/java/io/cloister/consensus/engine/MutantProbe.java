package io.cloister.consensus.engine;

import io.cloister.consensus.core.OracleRun;
import java.util.HashMap;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Looks for whatever is wrong with the classes that it runs with: first beside the oracle, then in simulated networks. */
public final class MutantProbe {
    private static final Logger LOG = Logger.getLogger("io.cloister.consensus");
    private static final int ORACLE_RUNS = 1_200;
    private static final int[] SIZES = {4, 5, 7, 8};

    private MutantProbe() {}

    /** @param arguments how many seconds to look; exits 1 with what was found, 0 when nothing was */
    public static void main(String[] arguments) {
        LOG.setLevel(Level.OFF);
        long until = System.nanoTime() + Long.parseLong(arguments[0]) * 1_000_000_000L;
        oracle(until);
        for (long seed = 1; System.nanoTime() < until; seed++) {
            for (int nodes : SIZES) {
                if (System.nanoTime() < until) {
                    network(seed, nodes);
                }
            }
        }
        System.exit(0);
    }

    private static void oracle(long until) {
        for (long seed = 0; seed < ORACLE_RUNS && System.nanoTime() < until; seed++) {
            try {
                new OracleRun(seed).play(new HashMap<>());
            } catch (AssertionError | RuntimeException e) {
                found("oracle, seed " + seed, e.toString());
            }
        }
    }

    private static void network(long seed, int nodes) {
        String where = "n=" + nodes + ", seed " + seed;
        try {
            SimRun.Outcome outcome = new SimRun(new SimParameters(seed, nodes, 0.5, Set.of())).run();
            if (!outcome.violations().isEmpty()) {
                found(where, outcome.violations().getFirst());
            }
        } catch (RuntimeException e) {
            found(where, e.toString());
        }
    }

    private static void found(String where, String what) {
        String line = what.replaceAll("\\s+", " ").replaceAll("^[a-zA-Z.]+: ?", "");
        System.out.println(where + "\t" + line.substring(0, Math.min(110, line.length())));
        System.exit(1);
    }
}
