package io.cloister.api;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer that costs much: one caller makes it, everybody has it for a while. Why there is none is shared as well, so that
 * those who wait do not try one after the other, and only so many wait.
 */
final class SharedAnswer<T> {
    static final int MAX_WAITING = 16;
    static final Duration FAILURE_KEPT = Duration.ofSeconds(5);

    private final Duration kept;
    private final InstantSource clock;
    private final Semaphore room = new Semaphore(MAX_WAITING);
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable Made<T> last;

    private record Made<T>(Optional<T> answer, Optional<ApiException> failure, Instant until) {
        T get() {
            failure.ifPresent(why -> {
                throw why;
            });
            return answer.orElseThrow();
        }
    }

    /** @param kept for so long one answer serves, from when its making began */
    SharedAnswer(Duration kept, InstantSource clock) {
        this.kept = kept;
        this.clock = clock;
    }

    /** @throws ApiException what {@code maker} threw, or 503 when too many wait already */
    T get(Supplier<T> maker) {
        Made<T> before = last;
        if (before != null && isGood(before)) {
            return before.get();
        }
        if (!room.tryAcquire()) {
            throw ApiException.unavailable("attestation-unavailable", "too many wait for this answer");
        }
        try {
            return made(maker).get();
        } finally {
            room.release();
        }
    }

    private Made<T> made(Supplier<T> maker) {
        making.lock();
        try {
            Made<T> before = last;
            if (before != null && isGood(before)) {
                return before;
            }
            Made<T> now = make(maker);
            last = now;
            return now;
        } finally {
            making.unlock();
        }
    }

    private Made<T> make(Supplier<T> maker) {
        Instant begun = clock.instant();
        try {
            return new Made<>(Optional.of(maker.get()), Optional.empty(), begun.plus(kept));
        } catch (ApiException e) {
            return new Made<>(Optional.empty(), Optional.of(e), clock.instant().plus(FAILURE_KEPT));
        }
    }

    private boolean isGood(Made<T> made) {
        return clock.instant().isBefore(made.until());
    }
}
