package io.cloister.attestation.snp;

import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Which providers serve, and in which order: those that are sound, the fastest first. */
final class ProviderChoice {
    private static final int ROUNDS = 3;

    private ProviderChoice() {}

    /**
     * How a provider did.
     *
     * @param sound whether it answered a known signature and a changed one as it must
     * @param nanos the time of its best round
     */
    record Trial<T>(T provider, boolean sound, long nanos) {}

    /** Asks a provider three times, each of which it must answer rightly; a few milliseconds. */
    static <T> Trial<T> trial(T provider, BooleanSupplier answersAsItMust, LongSupplier nanoTime) {
        boolean sound = true;
        long best = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && sound; round++) {
            long start = nanoTime.getAsLong();
            sound = answersAsItMust.getAsBoolean();
            best = Math.min(best, nanoTime.getAsLong() - start);
        }
        return new Trial<>(provider, sound, best);
    }

    /** The rule. Of two equally fast ones that which was named first is preferred. */
    static <T> List<T> order(List<Trial<T>> trials) {
        return trials.stream()
                .filter(Trial::sound)
                .sorted(Comparator.comparingLong(Trial::nanos))
                .map(Trial::provider)
                .toList();
    }
}
