package io.cloister.mpc.protocol;

import io.cloister.crypto.Signature;
import io.cloister.mpc.board.BoardParameters;
import io.cloister.mpc.board.BoardParameters.Deadline;
import io.cloister.mpc.board.SigningRequest;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one signature and the presignature that takes the place of the used one cost a committee of four together: all
 * machines and messages of the simulation, on one thread and in simulated time, with the ledger's blocks.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CommitteeBenchmark {
    private static final long LIMIT_MILLIS = 60_000;

    private Simulation committee;
    private int requests;

    /** A new committee for each iteration, so that what was answered does not pile up. */
    @Setup(Level.Iteration)
    public void prepare() {
        committee = new Simulation(4, 7, onePresignature(), Map.of());
        committee.until(
                "keys",
                LIMIT_MILLIS,
                () -> committee.keys().signingKey().isPresent()
                        && committee.keys().beaconKey().isPresent());
        refill();
    }

    /** A pool of one, so that each signature is followed by exactly one new presignature. */
    private static BoardParameters onePresignature() {
        return new BoardParameters(
                1, 1, 1, 2, new Deadline(40, 6_000), new Deadline(20, 3_000), new Deadline(10, 1_500), 64);
    }

    private void refill() {
        committee.until("presignature", LIMIT_MILLIS, () -> committee.keys().poolLevel() == 1);
    }

    @Benchmark
    public Signature signAndRefill() {
        SigningRequest request = SuiteTest.request(requests++, "benchmark");
        committee.request(request);
        committee.until("signature", LIMIT_MILLIS, () -> committee.answers.containsKey(request.requestId()));
        refill();
        return Objects.requireNonNull(committee.answers.get(request.requestId()));
    }
}
