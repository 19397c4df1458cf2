package io.cloister.mpc.protocol;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Point;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.SecretScalar;
import io.cloister.crypto.Signature;
import io.cloister.mpc.board.PresignatureId;
import io.cloister.mpc.board.SigningRequest;
import io.cloister.mpc.protocol.Message.ShareValues;
import io.cloister.mpc.sharing.Lagrange;
import io.cloister.mpc.sharing.SecretSharing;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a signature costs one member of four, once there is a presignature: its own share, a check, the whole. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SigningBenchmark {
    private static final int DEGREE = 1;
    private static final PresignatureId ID = new PresignatureId(1, 0);

    private final SigningRequest request = SuiteTest.request(1, "benchmark");
    private final Map<Integer, Scalar> nu = new TreeMap<>();
    private final Map<Integer, Scalar> mu = new TreeMap<>();
    private SecretSharing lambda;
    private SecretSharing kappaLambda;
    private SecretSharing keyLambda;
    private Presignature.Shares shares;
    private Presignature known;
    private Point kappa;
    private SigningInputs inputs;
    private ShareValues other;

    @Setup
    public void prepare() {
        try (SecretScalar key = secret("key");
                SecretScalar nonce = secret("nonce");
                SecretScalar blinding = secret("blinding");
                SecretScalar mask = secret("mask");
                SecretScalar nonceBlinding = nonce.mul(blinding);
                SecretScalar keyBlinding = key.mul(blinding)) {
            lambda = SecretSharing.masked(blinding, mask, DEGREE);
            kappaLambda = SecretSharing.masked(nonceBlinding, mask, DEGREE);
            keyLambda = SecretSharing.masked(keyBlinding, mask, DEGREE);
            kappa = Point.base(nonce);
            inputs = SigningInputs.of(request, ID, Bytes.utf8("beacon"), Point.base(key), kappa)
                    .orElseThrow();
        }
        shares = dealt(1);
        known = presignature(Optional.empty());
        other = presignature(Optional.of(dealt(2))).open(inputs);
        reveal(1, open());
        reveal(2, other);
    }

    @TearDown
    public void wipe() {
        shares.close();
        lambda.close();
        kappaLambda.close();
        keyLambda.close();
    }

    private static SecretScalar secret(String name) {
        return SecretScalar.fromPublic(Scalar.hash("benchmark", Bytes.utf8(name)));
    }

    private Presignature.Shares dealt(int slot) {
        return new Presignature.Shares(lambda.share(slot), kappaLambda.share(slot), keyLambda.share(slot));
    }

    private Presignature presignature(Optional<Presignature.Shares> own) {
        return new Presignature(ID, kappa, lambda.commitment(), kappaLambda.commitment(), keyLambda.commitment(), own);
    }

    private void reveal(int slot, ShareValues values) {
        nu.put(slot, values.nu());
        mu.put(slot, values.mu());
    }

    /** Opening zeroes what it opens, hence a copy of the shares each time. */
    @Benchmark
    public ShareValues open() {
        return presignature(Optional.of(new Presignature.Shares(
                        shares.lambda().copy(),
                        shares.kappaLambda().copy(),
                        shares.keyLambda().copy())))
                .open(inputs);
    }

    @Benchmark
    public boolean checkTheOther() {
        return known.opens(2, other, inputs);
    }

    /** With the check of the whole, which spares the check of each share. */
    @Benchmark
    public Signature combine() {
        return inputs.signature(Lagrange.interpolate(nu), Lagrange.interpolate(mu))
                .filter(s -> Ecdsa.verify(inputs.key(), request.digest(), s))
                .orElseThrow();
    }
}
