package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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

/** Reading a firmware image of 4 MiB without a repeated page and computing the digest of a launch with 8 processors. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LaunchDigestBenchmark {
    private static final int SIZE = 4 << 20;

    private Bytes image = Bytes.EMPTY;

    @Setup
    public void prepare() {
        byte[] tables = new TestOvmf().size(SIZE).image().toArray();
        byte[] code = new byte[SIZE - Ovmf.PAGE];
        new Random(1).nextBytes(code);
        System.arraycopy(code, 0, tables, 0, code.length);
        image = Bytes.wrap(tables);
    }

    @Benchmark
    public Bytes launch() {
        VcpuSignature genoa = VcpuSignature.ofType("EPYC-Genoa").orElseThrow();
        return LaunchDigest.of(new Launch(Ovmf.parse(image), Optional.empty(), 8, genoa, Vmm.QEMU, 1));
    }
}
