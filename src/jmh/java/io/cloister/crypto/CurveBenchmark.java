package io.cloister.crypto;

import io.cloister.codec.Bytes;
import java.util.ArrayList;
import java.util.List;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a vote, a dealing and a share cost on secp256k1. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CurveBenchmark {
    private static final Bytes DIGEST = Hashes.sha256(Bytes.utf8("benchmark"));

    @Param({"2", "16"})
    private int terms;

    private SigningKey key;
    private Signature signature;
    private SecretScalar secret;
    private Scalar scalar;
    private Point point;
    private List<Point> points;
    private List<Scalar> scalars;

    @Setup
    public void prepare() {
        key = SigningKey.generate();
        signature = key.sign(DIGEST);
        secret = SecretScalar.random();
        scalar = Scalar.hash("benchmark", DIGEST);
        point = Point.base(scalar);
        points = new ArrayList<>();
        scalars = new ArrayList<>();
        for (int i = 0; i < terms; i++) {
            scalars.add(Scalar.hash("benchmark", DIGEST, Bytes.of((byte) i)));
            points.add(Point.base(scalars.get(i)));
        }
    }

    @TearDown
    public void wipe() {
        key.close();
        secret.close();
    }

    @Benchmark
    public Signature sign() {
        return key.sign(DIGEST);
    }

    @Benchmark
    public boolean verify() {
        return Ecdsa.verify(key.publicKey(), DIGEST, signature);
    }

    @Benchmark
    public Point multiplyByASecret() {
        return point.mul(secret);
    }

    @Benchmark
    public Point multiplyByAPublicScalar() {
        return point.mul(scalar);
    }

    @Benchmark
    public Point multiplyManyAtOnce() {
        return Point.multiply(points, scalars);
    }
}
