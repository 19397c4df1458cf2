package io.cloister.consensus.ingress;

import io.cloister.codec.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** Who waits for which transaction, by its SHA-256. As many as the streams' bounds allow. Thread-safe. */
final class Waiters {
    private final ConcurrentHashMap<Bytes, List<Waiter>> byTransaction = new ConcurrentHashMap<>();

    void add(Bytes hash, Waiter waiter) {
        byTransaction.merge(hash, List.of(waiter), (old, added) -> {
            List<Waiter> all = new ArrayList<>(old);
            all.addAll(added);
            return List.copyOf(all);
        });
    }

    /** @return false when somebody took it before */
    boolean remove(Bytes hash, Waiter waiter) {
        boolean[] removed = new boolean[1];
        byTransaction.computeIfPresent(hash, (key, waiting) -> {
            List<Waiter> left = waiting.stream().filter(it -> it != waiter).toList();
            removed[0] = left.size() < waiting.size();
            return left.isEmpty() ? null : left;
        });
        return removed[0];
    }

    /** Everybody who waits for it; nobody does any more. */
    List<Waiter> take(Bytes hash) {
        List<Waiter> waiting = byTransaction.remove(hash);
        return waiting == null ? List.of() : waiting;
    }

    boolean isEmpty() {
        return byTransaction.isEmpty();
    }

    /** Those who wait since before a moment of {@code nanoTime}; they wait no longer. */
    List<Waiter> takeSince(long nanos) {
        List<Waiter> late = new ArrayList<>();
        byTransaction.forEach((hash, waiting) -> {
            for (Waiter waiter : waiting) {
                if (waiter.sinceNanos() - nanos < 0 && remove(hash, waiter)) {
                    late.add(waiter);
                }
            }
        });
        return late;
    }

    /** Those of a stream that is gone. */
    void forget(ClientStream stream) {
        byTransaction.forEach((hash, waiting) -> {
            for (Waiter waiter : waiting) {
                if (waiter.stream() == stream) {
                    remove(hash, waiter);
                }
            }
        });
    }
}
