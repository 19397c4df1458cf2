package io.cloister.consensus.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * {@code ./cloister sim consensus}: seeded runs of the production engine under faults.
 *
 * <pre>
 * --seed N       the first seed (1)          --seeds K     how many seeds, one after the other (10)
 * --nodes n      validators (4)              --minutes m   virtual minutes of faults a run (1)
 * --json         one line of JSON            --faults a,b  only these faults of the run
 * --seconds S    stop after so much real time
 * --first        stop at the first violation, without making it smaller
 * </pre>
 */
public final class SimCommand {
    private static final Logger LOG = Logger.getLogger("io.cloister.consensus");

    private final boolean first;
    private long runs;
    private long heights;
    private long steps;
    private long epochs;
    private long rollbacks;
    private int highestRound;
    private final List<String> violations = new ArrayList<>();

    private SimCommand(boolean first) {
        this.first = first;
    }

    public static void main(String[] arguments) {
        LOG.setLevel(Boolean.getBoolean("cloister.sim.log") ? Level.ALL : Level.OFF);
        System.exit(run(arguments));
    }

    /** @return 0 without a violation, 1 with one, 2 for arguments that are none */
    static int run(String... arguments) {
        Map<String, String> options;
        long seed;
        long seeds;
        int nodes;
        double minutes;
        long seconds;
        Set<Integer> faults = new HashSet<>();
        try {
            options = options(arguments);
            seed = Long.parseLong(options.getOrDefault("--seed", "1"));
            seeds = Long.parseLong(options.getOrDefault("--seeds", "10"));
            nodes = Integer.parseInt(options.getOrDefault("--nodes", "4"));
            minutes = Double.parseDouble(options.getOrDefault("--minutes", "1"));
            seconds = Long.parseLong(options.getOrDefault("--seconds", "0"));
            for (String number : options.getOrDefault("--faults", "").split(",")) {
                if (!number.isBlank()) {
                    faults.add(Integer.parseInt(number.trim()));
                }
            }
            if (nodes < 4 || nodes > 100 || seeds < 1 || !(minutes > 0) || minutes > 100_000) {
                throw new IllegalArgumentException("4 to 100 nodes, at least one seed and some minutes");
            }
        } catch (IllegalArgumentException e) {
            System.err.println("cloister: " + e.getMessage());
            System.err.println(
                    "usage: ./cloister sim consensus [--seed N] [--seeds K] [--nodes n] [--minutes m] [--seconds S] [--json]");
            return 2;
        }
        boolean json = options.containsKey("--json");
        return new SimCommand(options.containsKey("--first"))
                .campaign(new SimParameters(seed, nodes, minutes, faults), seeds, seconds, json);
    }

    private static Map<String, String> options(String... arguments) {
        Map<String, String> options = new HashMap<>();
        Set<String> known = Set.of("--seed", "--seeds", "--nodes", "--minutes", "--faults", "--seconds");
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--json") || arguments[i].equals("--first")) {
                options.put(arguments[i], "");
            } else if (known.contains(arguments[i]) && i + 1 < arguments.length) {
                options.put(arguments[i], arguments[++i]);
            } else {
                throw new IllegalArgumentException("cannot take " + arguments[i]);
            }
        }
        return options;
    }

    private int campaign(SimParameters from, long seeds, long seconds, boolean json) {
        long start = System.nanoTime();
        for (long i = 0; i < seeds; i++) {
            boolean over = first && !violations.isEmpty();
            if (over || seconds > 0 && System.nanoTime() - start > seconds * 1_000_000_000L) {
                break;
            }
            one(new SimParameters(from.seed() + i, from.nodes(), from.minutes(), from.kept()));
        }
        double took = (System.nanoTime() - start) / 1e9;
        if (json) {
            System.out.println("{\"runs\":" + runs + ",\"heights\":" + heights + ",\"steps\":" + steps + ",\"epochs\":"
                    + epochs + ",\"violations\":[" + String.join(",", violations) + "]}");
        } else {
            System.out.printf(
                    "%d runs at n=%d in %.1f s: %d heights, %d steps, highest round %d, %d recoveries, %d rollbacks noticed, %d violations%n",
                    runs, from.nodes(), took, heights, steps, highestRound, epochs, rollbacks, violations.size());
        }
        return violations.isEmpty() ? 0 : 1;
    }

    private void one(SimParameters parameters) {
        SimRun.Outcome outcome = new SimRun(parameters).run();
        runs++;
        heights += outcome.heights();
        steps += outcome.steps();
        epochs += outcome.epochs();
        rollbacks += outcome.rollbacksNoticed();
        highestRound = Math.max(highestRound, outcome.highestRound());
        if (!outcome.violations().isEmpty()) {
            SimParameters smallest = first ? parameters : SimShrink.shrink(parameters, outcome);
            System.err.println("VIOLATION with seed " + parameters.seed() + ": "
                    + outcome.violations().getFirst());
            System.err.println("  repeat: " + smallest.command());
            violations.add("{\"seed\":" + parameters.seed() + ",\"what\":"
                    + quoted(outcome.violations().getFirst()) + ",\"repeat\":" + quoted(smallest.command()) + "}");
        }
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(' ');
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
