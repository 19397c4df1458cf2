package io.cloister.consensus.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One thing that goes wrong at one moment. All faults of a run are drawn before it begins, so that a run can be repeated
 * with some of them left out.
 *
 * @param atMillis virtual time
 * @param seed what the fault's own choices are drawn from
 */
record SimFault(int number, long atMillis, Kind kind, long seed) {
    enum Kind {
        LOSS,
        DUPLICATION,
        DELAY,
        PARTITION,
        ASYMMETRIC_PARTITION,
        HALVES,
        HEAL_LINKS,
        SLOW_NODE,
        SWITCH_OFF,
        SWITCH_OFF_SOME,
        SWITCH_OFF_ALL,
        POWER_CUT_IN_MID_STEP,
        DISK_FULL,
        CLOCK_SKEW,
        CLOCK_BACK,
        ROLLBACK,
        CLONE,
        WEIGHT,
        WIPE,
        OUT,
        IN;

        /** Those that are drawn by {@link #draw}; the others change the set of validators. */
        private static final int DRAWN = OUT.ordinal();
    }

    /** Faults until a time, some kinds more often in some runs than in others. */
    static List<SimFault> draw(SplittableRandom random, long untilMillis) {
        Kind[] kinds = Kind.values();
        int[] weights = new int[Kind.DRAWN];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = random.nextInt(4);
        }
        weights[Kind.HEAL_LINKS.ordinal()] = 3;
        int total = 0;
        for (int weight : weights) {
            total += weight;
        }
        int longest = new int[] {800, 3_000, 8_000}[random.nextInt(3)];
        List<SimFault> faults = new ArrayList<>();
        for (long time = random.nextInt(2_000); time < untilMillis; time += random.nextInt(100, longest)) {
            int drawn = random.nextInt(total);
            int at = 0;
            while (drawn >= weights[at]) {
                drawn -= weights[at++];
            }
            faults.add(new SimFault(faults.size(), time, kinds[at], random.nextLong()));
        }
        return faults;
    }

    /** In every third run slots are taken out and given back, beside the other faults. */
    static List<SimFault> seats(SplittableRandom random, long untilMillis, int first) {
        List<SimFault> faults = new ArrayList<>();
        if (random.nextInt(3) == 0) {
            for (long time = random.nextInt(2_000); time < untilMillis; time += random.nextInt(200, 4_000)) {
                Kind kind = random.nextBoolean() ? Kind.OUT : Kind.IN;
                faults.add(new SimFault(first + faults.size(), time, kind, random.nextLong()));
            }
        }
        return faults;
    }
}
