package io.cloister.attestation.kds;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Goes from source to source and notes why each did not help. */
final class Search {
    private final List<Miss> misses = new ArrayList<>();

    /** What one source does. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws MissException, InterruptedException;
    }

    /** What one source does at once. */
    @FunctionalInterface
    interface Look<T> {
        T run() throws MissException;
    }

    <T> Optional<T> attempt(String source, Attempt<T> attempt) throws InterruptedException {
        try {
            return Optional.of(attempt.run());
        } catch (MissException e) {
            misses.add(e.from(source));
            return Optional.empty();
        }
    }

    <T> Optional<T> look(String source, Look<T> look) {
        try {
            return Optional.of(look.run());
        } catch (MissException e) {
            misses.add(e.from(source));
            return Optional.empty();
        }
    }

    void note(Miss miss) {
        misses.add(miss);
    }

    void note(List<Miss> more) {
        misses.addAll(more);
    }

    <T> Finding<T> found(T value, String source) {
        return Finding.of(value, source, misses);
    }

    <T> Finding<T> none() {
        return Finding.none(misses);
    }
}
