package io.cloister.consensus;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who proposes, from decided headers alone. Every second height goes through all validators in turn, so that each
 * proposes at least once in 2n heights whatever is said of it. The heights between are shared out by weight among those
 * who are not absent. The rounds of a height go on from its first proposer through all others, the absent ones last.
 */
public final class Turns {
    /** 2^64 divided by the golden ratio: multiples of it fall evenly over the whole range. */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Turns() {}

    /** The paper's proposer(h, r): {@code absent} as the header before has it. */
    public static Validator proposer(ValidatorSet validators, List<Integer> absent, long height, int round) {
        int first = first(validators, absent, height);
        int n = validators.size();
        if (round % n == 0) {
            return validators.at(first);
        }
        Set<Integer> passed = new HashSet<>(absent);
        List<Validator> present = new ArrayList<>();
        List<Validator> last = new ArrayList<>();
        for (int i = 1; i < n; i++) {
            Validator next = validators.at((first + i) % n);
            (passed.contains(next.slot()) ? last : present).add(next);
        }
        present.addAll(last);
        return present.get(round % n - 1);
    }

    private static int first(ValidatorSet validators, List<Integer> absent, long height) {
        int n = validators.size();
        long turn = height / 2;
        if (height % 2 == 0) {
            return (int) (turn % n);
        }
        Set<Integer> passed = new HashSet<>(absent);
        long total = 0;
        for (Validator validator : validators.validators()) {
            total += passed.contains(validator.slot()) ? 0 : validator.weight();
        }
        if (total == 0) {
            return (int) (turn % n);
        }
        long at = Math.unsignedMultiplyHigh(turn * GOLDEN, total);
        int index = 0;
        while (true) {
            Validator validator = validators.at(index);
            long weight = passed.contains(validator.slot()) ? 0 : validator.weight();
            if (at < weight) {
                return index;
            }
            at -= weight;
            index++;
        }
    }

    /**
     * Who is absent after a block that was made in this round: those who let their rounds of the height pass are, its
     * proposer is not, and all others stay what they were.
     */
    public static List<Integer> absent(ValidatorSet validators, List<Integer> before, long height, int round) {
        Set<Integer> absent = new HashSet<>(before);
        for (int r = 0; r < Math.min(round, validators.size()); r++) {
            absent.add(proposer(validators, before, height, r).slot());
        }
        absent.remove(proposer(validators, before, height, round).slot());
        return validators.validators().stream()
                .map(Validator::slot)
                .filter(absent::contains)
                .toList();
    }
}
