package io.cloister.consensus.engine;

import io.cloister.consensus.core.Pace;
import io.cloister.consensus.core.Snapshots;
import io.cloister.consensus.core.Timeliness;
import io.cloister.consensus.core.Timeouts;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What a run is: with these it repeats exactly.
 *
 * @param minutes virtual time, most of it under faults
 * @param kept numbers of the faults that happen; empty for all of them
 */
record SimParameters(long seed, int nodes, double minutes, Set<Integer> kept) {
    private static final double PEACE_MINUTES = 0.75;

    static final EngineSettings SETTINGS = new EngineSettings(
            new Timeouts(500, 200, 150, 100, 4_000),
            new Pace(50, 60, 2_000, 300, 1_000),
            new Snapshots(20, 10),
            PoolLimits.DEFAULT,
            Timeliness.DEFAULT,
            50);

    long faultsMillis() {
        return Math.round(minutes * 60_000);
    }

    /** How long honest nodes have to agree again when nothing goes wrong any more. */
    static long peaceMillis() {
        return Math.round(PEACE_MINUTES * 60_000);
    }

    SimParameters keeping(Set<Integer> faults) {
        return new SimParameters(seed, nodes, minutes, faults);
    }

    /** The line that repeats the run. */
    String command() {
        String base =
                "./cloister sim consensus --seed " + seed + " --seeds 1 --nodes " + nodes + " --minutes " + minutes;
        return kept.isEmpty()
                ? base
                : base + " --faults "
                        + String.join(
                                ",", kept.stream().sorted().map(String::valueOf).toList());
    }

    /** Equal weights, or weights of which the faulty ones still hold less than a third. */
    List<Long> weights(SplittableRandom random, List<SimRole> roles) {
        boolean equal = random.nextInt(3) != 0;
        return roles.stream()
                .map(role -> equal ? 1L : role == SimRole.HONEST ? random.nextLong(2, 5) : 2L)
                .toList();
    }
}
