package io.cloister.vault.store;

import io.cloister.codec.Bytes;
import io.cloister.vault.Level;
import io.cloister.vault.Schema;
import java.util.List;
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

/** What it costs to seal and authenticate a row, and to check and open it; no database takes part. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RowCodecBenchmark {
    @Param({"64", "65536"})
    private int bytes;

    private RowCodec codec;
    private List<Object> plain;
    private RowCodec.Stored stored;

    @Setup
    public void prepare() {
        byte[] share = new byte[bytes];
        new Random(1).nextBytes(share);
        TinkEnvelope envelope = new TinkEnvelope(
                new io.cloister.vault.Scope("benchmark", Bytes.zeros(33), Level.STATE),
                Keysets.generate().primitives());
        codec = new RowCodec(Schema.KEY_SHARE, envelope);
        plain = List.of("signing/1", 1L, "signing", Bytes.wrap(share));
        stored = codec.seal(plain, 1);
    }

    @Benchmark
    public RowCodec.Stored seal() {
        return codec.seal(plain, 1);
    }

    @Benchmark
    public List<Object> open() {
        return codec.open(stored);
    }
}
