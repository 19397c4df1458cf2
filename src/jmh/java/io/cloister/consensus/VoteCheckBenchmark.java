package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Signature;
import io.cloister.crypto.SigningKey;
import java.util.Optional;
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

/** A vote's digest and signature, checked with its recovery id as the protocol wants it, and without. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class VoteCheckBenchmark {
    private final SigningKey key = SigningKey.generate();
    private final Optional<Bytes> block = Optional.of(Bytes.zeros(32));
    private Bytes id = Bytes.EMPTY;
    private Bytes digest = Bytes.EMPTY;
    private Bytes signature = Bytes.EMPTY;

    @Setup
    public void prepare() {
        id = key.id();
        digest = digest();
        signature = key.sign(digest).recoverable();
    }

    @Benchmark
    public Bytes digest() {
        return SignBytes.vote("chain", 1, 1_000_000, 0, VoteType.PREVOTE, block);
    }

    @Benchmark
    public boolean check() {
        return SignatureCheck.SECP256K1.genuine(id, digest, signature);
    }

    @Benchmark
    public boolean verifyWithParsedKey() {
        return Ecdsa.verify(key.publicKey(), digest, Signature.decodeRecoverable(signature));
    }

    @Benchmark
    public Bytes sign() {
        return key.sign(digest).recoverable();
    }
}
