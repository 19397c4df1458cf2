package io.cloister.consensus.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Leaves out faults of a run that fails, as long as it still fails: delta debugging with a bound on its runs. */
final class SimShrink {
    private static final int RUNS = 60;

    private SimShrink() {}

    static SimParameters shrink(SimParameters failing, SimRun.Outcome outcome) {
        List<Integer> kept =
                new ArrayList<>(outcome.faults().stream().map(SimFault::number).toList());
        int runs = 0;
        for (int piece = Math.max(1, kept.size() / 2); runs < RUNS; piece = Math.max(1, piece / 2)) {
            boolean smaller = false;
            for (int from = 0; from < kept.size() && runs < RUNS; ) {
                List<Integer> without = new ArrayList<>(kept);
                without.subList(from, Math.min(kept.size(), from + piece)).clear();
                runs++;
                if (!without.isEmpty() && fails(failing.keeping(new HashSet<>(without)))) {
                    kept = without;
                    smaller = true;
                } else {
                    from += piece;
                }
            }
            if (piece == 1 && !smaller) {
                break;
            }
        }
        Set<Integer> left = new HashSet<>(kept);
        return left.size() == outcome.faults().size() ? failing : failing.keeping(left);
    }

    private static boolean fails(SimParameters parameters) {
        return !new SimRun(parameters).run().violations().isEmpty();
    }
}
