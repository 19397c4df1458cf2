package io.cloister.consensus.process;

import io.cloister.codec.Bytes;
import io.cloister.consensus.BlockContext;
import io.cloister.consensus.Execution;
import io.cloister.consensus.Genesis;
import io.cloister.crypto.MerklePaths;
import io.cloister.crypto.MerkleTree;
import io.cloister.crypto.SigningKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the bench's application does with a block of 160 signed requests, and the paths that its clients get. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ExecutionBenchmark {
    private static final BlockContext CONTEXT =
            new BlockContext(0, 1, 2_000, Bytes.zeros(33), Bytes.zeros(32), Optional.empty(), Optional.empty());

    private final Genesis genesis = new ReplicaKeys("benchmark", 4).genesis();
    private final RequestApplication application = new RequestApplication(genesis, set -> {});
    private final List<Bytes> requests = Stream.generate(SigningKey::generate)
            .limit(160)
            .map(key -> Request.sign(key, 1, Bytes.EMPTY))
            .toList();

    @Setup
    public void prepare() {
        application.process(CONTEXT, requests);
    }

    /** Of requests that were verified when they came. */
    @Benchmark
    public Execution execute() {
        return application.process(CONTEXT, requests);
    }

    /** Of requests that were never seen; their signatures are divided among the processors. */
    @Benchmark
    public Execution executeUnseen() {
        return new RequestApplication(genesis, set -> {}).process(CONTEXT, requests);
    }

    @Benchmark
    public List<MerkleTree.Path> paths() {
        MerklePaths paths = new MerklePaths(requests);
        List<MerkleTree.Path> all = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            all.add(paths.path(i));
        }
        return all;
    }
}
