package io.cloister.bridge.runner;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which of many open things are worked on: a bounded number, the same ones for a while, so that every node's turn comes
 * and what was refused is remembered; then those that follow. What is done makes room for the next.
 */
final class Rota<K extends Comparable<? super K>> {
    static final int MOST = 500;
    static final Duration SPELL = Duration.ofMinutes(1);

    private final InstantSource clock;
    private Instant until = Instant.MIN;
    private @Nullable K first;
    private @Nullable K last;

    Rota(InstantSource clock) {
        this.clock = clock;
    }

    /** Those of all open things that are worked on now. */
    List<K> now(Collection<K> open) {
        TreeSet<K> sorted = new TreeSet<>(open);
        if (sorted.size() <= MOST) {
            return List.copyOf(sorted);
        }
        if (!clock.instant().isBefore(until)) {
            first = last == null ? null : sorted.higher(last);
            until = clock.instant().plus(SPELL);
        }
        K from = first == null ? sorted.first() : first;
        List<K> chosen = Stream.concat(sorted.tailSet(from, true).stream(), sorted.headSet(from, false).stream())
                .limit(MOST)
                .toList();
        last = chosen.getLast();
        return chosen;
    }
}
