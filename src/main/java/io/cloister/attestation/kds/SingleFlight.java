package io.cloister.attestation.kds;

import io.cloister.attestation.kds.Miss.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Does the work for a key once, however many ask for it at the same time. Work goes on when its callers give up, and
 * serves those who come later. One virtual thread for each key under way.
 *
 * @param <K> what is asked for; has value equality
 */
final class SingleFlight<K, T> implements AutoCloseable {
    private static final String SOURCE = "lookup";

    private final Map<K, CompletableFuture<Finding<T>>> flights = new ConcurrentHashMap<>();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore room;

    SingleFlight(int maximum) {
        this.room = new Semaphore(maximum);
    }

    /** Work for one key; it must end by itself. */
    @FunctionalInterface
    interface Work<T> {
        Finding<T> run() throws InterruptedException;
    }

    /** The result of the work, or a miss when it does not end in time. */
    Finding<T> join(K key, Duration within, Work<T> work) {
        CompletableFuture<Finding<T>> flight = new CompletableFuture<>();
        CompletableFuture<Finding<T>> other = flights.putIfAbsent(key, flight);
        if (other != null) {
            return await(other, within);
        }
        if (!room.tryAcquire()) {
            Finding<T> busy = miss(Reason.BUSY, "too many look-ups are under way");
            flights.remove(key, flight);
            flight.complete(busy);
            return busy;
        }
        try {
            executor.execute(() -> fly(key, flight, work));
        } catch (RejectedExecutionException e) {
            land(key, flight, miss(Reason.BUSY, "closed"));
        }
        return await(flight, within);
    }

    private void fly(K key, CompletableFuture<Finding<T>> flight, Work<T> work) {
        Finding<T> result = miss(Reason.UNREACHABLE, "the look-up broke");
        try {
            result = work.run();
        } catch (InterruptedException e) {
            result = miss(Reason.BUSY, "closed");
        } catch (RuntimeException e) {
            result = miss(Reason.UNREACHABLE, "the look-up broke: " + e);
        } finally {
            land(key, flight, result);
        }
    }

    private void land(K key, CompletableFuture<Finding<T>> flight, Finding<T> result) {
        flights.remove(key, flight);
        room.release();
        flight.complete(result);
    }

    private Finding<T> await(CompletableFuture<Finding<T>> flight, Duration within) {
        try {
            return flight.get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return miss(Reason.TIMED_OUT, "no answer within " + within.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return miss(Reason.TIMED_OUT, "interrupted");
        } catch (ExecutionException e) {
            return miss(Reason.UNREACHABLE, "the look-up broke: " + e.getCause());
        }
    }

    private static <T> Finding<T> miss(Reason reason, String detail) {
        return Finding.none(List.of(new Miss(SOURCE, reason, detail)));
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
