package io.cloister.mpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Point;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.SecretScalar;
import io.cloister.crypto.Signature;
import io.cloister.mpc.board.PresignatureId;
import io.cloister.mpc.board.SigningRequest;
import io.cloister.mpc.protocol.Message.ShareValues;
import io.cloister.mpc.sharing.Commitment;
import io.cloister.mpc.sharing.Lagrange;
import io.cloister.mpc.sharing.SecretSharing;
import io.cloister.mpc.sharing.Share;
import io.cloister.mpc.sharing.SharingKind;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.junit.jupiter.api.Test;

/** The signing equations against numbers of an independent model, and the results against another ECDSA. */
class SigningFormulaTest {
    private static final Scalar X = scalar("0db317d94c8edfa3169a73bf4c83cf3b8c0a70a7a84567f9953a5154281fa6f6");
    private static final Scalar KAPPA = scalar("5e571eaa66c164e7c85990d2e844c762939ae232588efbceb71ed78a1dc02e28");
    private static final Scalar LAMBDA = scalar("8c3f846cc6a942d303f84c485e5c41765df6f817b0992bcf60ec6db25097c041");
    private static final Scalar E = scalar("543bcfbbc9f28a8adecf958027801375101379c7d2ab5d67c074a6442ba33d68");
    private static final Scalar EPSILON = scalar("fe2fbd720bdcb5d3060bed79214119cf6d84cc7956364be9b85993a74865d3ef");
    private static final Scalar DELTA = scalar("2ccd5f7112fcce59b1e9f4fd46b1f9d2049486824233eb557ff959b7c7fda174");
    private static final Scalar R = scalar("e9ceb50908ca0ed79f646bd702058260dc452589083b264cb4c4cdf34b6d70bd");
    private static final Scalar S = scalar("6555f901c44334e39d7d2046fcbd750c6fc68d74b3168615602590d9c632452c");
    private static final Scalar LAMBDA_1 = scalar("670c589145d28c06620602e0fc80fa6f7a8d9ccd7582329f7ac526d3d4381552");
    private static final Scalar KAPPA_LAMBDA_1 =
            scalar("7592b89ff910d68abaeebb48936b7ac2bce1cb3400e287d75eda7e46a386c4a8");
    private static final Scalar KEY_LAMBDA_1 =
            scalar("944782d73418a2c51b2410a6f0ae1284a9cc2ff74eaf6d618434d99c09ff7f0d");
    private static final Map<Integer, List<Scalar>> NU_AND_MU = Map.of(
            2,
            List.of(
                    scalar("13fc35fbc2ae7f5af4047b295c71006eb2108b4abbb473f47ede8023730fc56c"),
                    scalar("53c5c53fedf315543970c7993a5936b0b562a447d2566528832a488e0fb47a50")),
            4,
            List.of(
                    scalar("920a1e741a96cb720b74e85865e8844dfcf0ee6b94803c09e2fcfb976dc23d12"),
                    scalar("f5beeb5e40b765e23eb85f69d01faa212ee717329b3dd1577db77ba72b3cd8a4")));

    private static Scalar scalar(String hex) {
        return Scalar.decode(Bytes.hex(hex));
    }

    private static Share share(Scalar constant, Scalar slope, int slot) {
        return Share.masked(
                SecretScalar.fromPublic(constant.add(slope.mul(Scalar.of(slot)))),
                SecretScalar.fromPublic(Scalar.ZERO));
    }

    @Test
    void opensAndCombinesAsTheModelDoes() {
        Point nonce = Point.base(KAPPA).add(Point.base(DELTA));
        assertThat(nonce.encode().toHex())
                .isEqualTo("03e9ceb50908ca0ed79f646bd702058260dc452589083b264cb4c4cdf34b6d70bd");
        SigningInputs inputs = new SigningInputs(
                EPSILON, DELTA, nonce, Scalar.reduce(nonce.x()), E.add(R.mul(EPSILON)), Point.base(X.add(EPSILON)));
        Commitment none = new Commitment(SharingKind.MASKED, List.of(Point.G, Point.G));
        Map<Integer, Scalar> nu = new HashMap<>();
        Map<Integer, Scalar> mu = new HashMap<>();
        NU_AND_MU.forEach((slot, expected) -> {
            Presignature presignature = new Presignature(
                    new PresignatureId(1, 0),
                    Point.base(KAPPA),
                    none,
                    none,
                    none,
                    Optional.of(new Presignature.Shares(
                            share(LAMBDA, LAMBDA_1, slot),
                            share(KAPPA.mul(LAMBDA), KAPPA_LAMBDA_1, slot),
                            share(X.mul(LAMBDA), KEY_LAMBDA_1, slot))));
            ShareValues values = presignature.open(inputs);
            assertThat(List.of(values.nu(), values.mu())).isEqualTo(expected);
            nu.put(slot, values.nu());
            mu.put(slot, values.mu());
        });
        Signature signature = inputs.signature(Lagrange.interpolate(nu), Lagrange.interpolate(mu))
                .orElseThrow();
        assertThat(signature).isEqualTo(new Signature(R, S, 0));
        assertThat(Ecdsa.recover(E.encode(), signature)).contains(Point.base(X.add(EPSILON)));
    }

    @Test
    void opensAPresignatureOnceOnly() {
        Commitment none = new Commitment(SharingKind.MASKED, List.of(Point.G, Point.G));
        Presignature presignature = new Presignature(
                new PresignatureId(1, 0),
                Point.base(KAPPA),
                none,
                none,
                none,
                Optional.of(new Presignature.Shares(
                        share(LAMBDA, LAMBDA_1, 1), share(LAMBDA, LAMBDA_1, 1), share(LAMBDA, LAMBDA_1, 1))));
        SigningInputs inputs = SigningInputs.of(
                        new SigningRequest(Bytes.zeros(32), E.encode(), List.of(), ""),
                        presignature.id(),
                        Bytes.zeros(32),
                        Point.base(X),
                        presignature.kappa())
                .orElseThrow();
        presignature.open(inputs);
        assertThat(presignature.isUnused()).isFalse();
        assertThatThrownBy(() -> presignature.open(inputs)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void reRandomisesByEverythingThatASignatureDependsOn() {
        SigningRequest request = new SigningRequest(Bytes.zeros(32), E.encode(), List.of(Bytes.utf8("a")), "");
        SigningRequest path = new SigningRequest(Bytes.zeros(32), E.encode(), List.of(Bytes.utf8("b")), "");
        SigningRequest digest = new SigningRequest(Bytes.zeros(32), X.encode(), List.of(Bytes.utf8("a")), "");
        PresignatureId p = new PresignatureId(1, 0);
        Bytes beacon = Bytes.zeros(32);
        Point root = Point.base(X);
        Point kappa = Point.base(KAPPA);
        Scalar delta =
                SigningInputs.of(request, p, beacon, root, kappa).orElseThrow().delta();
        assertThat(List.of(
                        SigningInputs.of(path, p, beacon, root, kappa),
                        SigningInputs.of(digest, p, beacon, root, kappa),
                        SigningInputs.of(request, new PresignatureId(1, 1), beacon, root, kappa),
                        SigningInputs.of(request, new PresignatureId(2, 0), beacon, root, kappa),
                        SigningInputs.of(request, p, Bytes.utf8("x".repeat(32)), root, kappa),
                        SigningInputs.of(request, p, beacon, Point.base(E), kappa),
                        SigningInputs.of(request, p, beacon, root, Point.base(E))))
                .allMatch(inputs -> !inputs.orElseThrow().delta().equals(delta));
    }

    @Test
    void makesNoSignatureOfAZero() {
        SigningInputs inputs = new SigningInputs(EPSILON, DELTA, Point.G, R, E, Point.G);
        assertThat(inputs.signature(Scalar.ZERO, E)).isEmpty();
        assertThat(inputs.signature(E, Scalar.ZERO)).isEmpty();
        assertThat(SigningInputs.of(
                        new SigningRequest(Bytes.zeros(32), E.encode(), List.of(), ""),
                        new PresignatureId(1, 0),
                        Bytes.zeros(32),
                        Point.base(X),
                        Point.base(X).negate().add(Point.base(X))))
                .as("kappa of zero still gives delta*G")
                .isPresent();
    }

    @Property(tries = 12)
    void anyTPlusOneHoldersMakeASignatureThatBouncyCastleAccepts(
            @ForAll @IntRange(min = 1, max = 3) int t, @ForAll @IntRange(min = 0, max = 5) int first) {
        try (SecretScalar x = SecretScalar.random();
                SecretScalar kappa = SecretScalar.random();
                SecretScalar lambda = SecretScalar.random();
                SecretScalar mask = SecretScalar.random();
                SecretScalar kappaLambda = kappa.mul(lambda);
                SecretScalar keyLambda = x.mul(lambda);
                SecretSharing sharedLambda = SecretSharing.masked(lambda, mask, t);
                SecretSharing sharedKappaLambda = SecretSharing.masked(kappaLambda, mask, t);
                SecretSharing sharedKeyLambda = SecretSharing.masked(keyLambda, mask, t);
                SecretScalar digest = SecretScalar.random()) {
            SigningRequest request = new SigningRequest(
                    Bytes.zeros(32), digest.reveal().encode(), List.of(Bytes.utf8("path"), Bytes.zeros(4)), "");
            SigningInputs inputs = null;
            Map<Integer, Scalar> nu = new HashMap<>();
            Map<Integer, Scalar> mu = new HashMap<>();
            for (int k = 0; k <= t; k++) {
                int slot = 1 + (first + k) % (3 * t + 1);
                Presignature presignature = new Presignature(
                        new PresignatureId(1, 0),
                        Point.base(kappa),
                        sharedLambda.commitment(),
                        sharedKappaLambda.commitment(),
                        sharedKeyLambda.commitment(),
                        Optional.of(new Presignature.Shares(
                                sharedLambda.share(slot), sharedKappaLambda.share(slot), sharedKeyLambda.share(slot))));
                inputs = SigningInputs.of(
                                request, presignature.id(), Bytes.utf8("beacon"), Point.base(x), Point.base(kappa))
                        .orElseThrow();
                ShareValues values = presignature.open(inputs);
                assertThat(presignature.opens(slot, values, inputs)).isTrue();
                assertThat(presignature.opens(slot + 1, values, inputs)).isFalse();
                assertThat(presignature.opens(
                                slot,
                                new ShareValues(
                                        values.nu().add(Scalar.ONE), values.nuMask(), values.mu(), values.muMask()),
                                inputs))
                        .isFalse();
                nu.put(slot, values.nu());
                mu.put(slot, values.mu());
            }
            Signature signature = inputs.signature(Lagrange.interpolate(nu), Lagrange.interpolate(mu))
                    .orElseThrow();
            assertThat(signature.isLowS()).isTrue();
            assertThat(Ecdsa.recover(request.digest(), signature)).contains(inputs.key());
            assertThat(bouncyCastleAccepts(inputs.key(), request.digest(), signature))
                    .isTrue();
        }
    }

    private static boolean bouncyCastleAccepts(Point key, Bytes digest, Signature signature) {
        X9ECParameters curve = CustomNamedCurves.getByName("secp256k1");
        ECDomainParameters domain = new ECDomainParameters(curve.getCurve(), curve.getG(), curve.getN());
        ECDSASigner verifier = new ECDSASigner();
        verifier.init(
                false,
                new ECPublicKeyParameters(
                        curve.getCurve().decodePoint(key.encode().toArray()), domain));
        BigInteger r = signature.r().toBigInteger();
        return verifier.verifySignature(digest.toArray(), r, signature.s().toBigInteger());
    }
}
