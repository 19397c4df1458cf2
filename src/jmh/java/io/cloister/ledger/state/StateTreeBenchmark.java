package io.cloister.ledger.state;

import io.cloister.codec.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a block of a hundred changes costs the state tree, and a proof out of it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class StateTreeBenchmark {
    private static final int CHANGES = 100;

    @Param({"10000", "100000"})
    private int entries;

    private StateTree tree;
    private Map<Bytes, Bytes> changes;
    private List<Bytes> keys;
    private StateProof proof;
    private int next;

    @Setup
    public void prepare() {
        Random random = new Random(1);
        Map<Bytes, Bytes> content = new HashMap<>();
        while (content.size() < entries) {
            content.put(bytes(random, 33), bytes(random, 64));
        }
        tree = StateTree.of(content);
        tree.root();
        keys = new ArrayList<>(content.keySet());
        proof = tree.prove(keys.getFirst()).orElseThrow();
        changes = new HashMap<>();
        while (changes.size() < CHANGES) {
            boolean known = random.nextBoolean();
            changes.put(known ? keys.get(random.nextInt(entries)) : bytes(random, 33), bytes(random, 64));
        }
    }

    private static Bytes bytes(Random random, int length) {
        byte[] drawn = new byte[length];
        random.nextBytes(drawn);
        return Bytes.wrap(drawn);
    }

    @Benchmark
    public Bytes putAHundredAndHash() {
        StateTree changed = tree;
        for (Map.Entry<Bytes, Bytes> change : changes.entrySet()) {
            changed = changed.put(change.getKey(), change.getValue());
        }
        return changed.root();
    }

    @Benchmark
    public StateProof prove() {
        next = (next + 1) % entries;
        return tree.prove(keys.get(next)).orElseThrow();
    }

    @Benchmark
    public boolean verify() {
        return proof.proves(tree.root());
    }
}
