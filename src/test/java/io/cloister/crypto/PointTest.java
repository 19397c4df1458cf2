package io.cloister.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Vectors;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.junit.jupiter.api.Test;

class PointTest {
    private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");

    @Provide
    Arbitrary<Scalar> scalars() {
        Arbitrary<BigInteger> edges = Arbitraries.integers().between(-3, 3).map(BigInteger::valueOf);
        return Arbitraries.oneOf(edges, Arbitraries.bigIntegers().between(BigInteger.ZERO, CURVE.getN()))
                .map(Scalar::of);
    }

    @Property(tries = 150)
    void multipliesAndAddsAsBouncyCastleDoes(@ForAll("scalars") Scalar a, @ForAll("scalars") Scalar b) {
        ECPoint first = CURVE.getG().multiply(a.toBigInteger());
        Point own = Point.base(a);
        assertThat(own.encode()).isEqualTo(encode(first));
        assertThat(own.mul(b).encode()).isEqualTo(encode(first.multiply(b.toBigInteger())));
        assertThat(own.add(Point.base(b)).encode())
                .isEqualTo(encode(first.add(CURVE.getG().multiply(b.toBigInteger()))));
        assertThat(own.sub(own)).isEqualTo(Point.INFINITY);
        assertThat(own.negate().negate()).isEqualTo(own);
        try (SecretScalar x = SecretScalar.fromPublic(a);
                SecretScalar y = SecretScalar.fromPublic(b)) {
            assertThat(Point.base(x)).isEqualTo(own);
            assertThat(own.mul(y)).isEqualTo(own.mul(b));
        }
    }

    @Property(tries = 60)
    void evaluatesCommitmentsAtAnIndex(
            @ForAll("scalars") Scalar a,
            @ForAll("scalars") Scalar b,
            @ForAll("scalars") Scalar c,
            @ForAll @IntRange(max = 200) int index) {
        Scalar x = Scalar.of(index);
        Scalar value = a.add(b.mul(x)).add(c.mul(x).mul(x));
        List<Point> commitments = List.of(Point.base(a), Point.base(b), Point.base(c));
        assertThat(Point.evaluate(commitments, index)).isEqualTo(Point.base(value));
    }

    @Property(tries = 60)
    void sumsProducts(@ForAll @Size(max = 6) List<@net.jqwik.api.From("scalars") Scalar> scalars) {
        List<Point> points = IntStream.range(0, scalars.size())
                .mapToObj(i -> Point.base(Scalar.of(i)))
                .toList();
        Scalar expected = IntStream.range(0, scalars.size())
                .mapToObj(i -> scalars.get(i).mul(Scalar.of(i)))
                .reduce(Scalar.ZERO, Scalar::add);
        assertThat(Point.multiply(points, scalars)).isEqualTo(Point.base(expected));
        Scalar total = scalars.stream().reduce(Scalar.ZERO, Scalar::add);
        assertThat(Point.sum(scalars.stream().map(Point::base).toList())).isEqualTo(Point.base(total));
    }

    @Test
    void decodesOnlyFinitePointsOfTheCurve() {
        Point point = Point.base(Scalar.of(5));
        assertThat(Point.decode(point.encode())).isEqualTo(point);
        assertThat(Point.decodeUncompressed(point.encodeUncompressed())).isEqualTo(point);
        assertThat(Point.decodeAllowingInfinity(Bytes.zeros(33))).isEqualTo(Point.INFINITY);
        assertThat(Point.decodeAllowingInfinity(Point.INFINITY.encode())).isEqualTo(Point.INFINITY);
        Bytes x = point.x();
        List<Bytes> wrong = List.of(
                Bytes.zeros(33),
                Bytes.concat(Bytes.hex("04"), x),
                Bytes.concat(Bytes.hex("00"), x),
                Bytes.concat(Bytes.hex("02"), Bytes.zeros(31), Bytes.hex("05")), // 5 is no x of the curve
                Bytes.hex("02fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f"), // the field's prime
                x,
                point.encodeUncompressed());
        for (Bytes encoded : wrong) {
            assertThatThrownBy(() -> Point.decode(encoded)).as("%s", encoded).isInstanceOf(CodecException.class);
        }
        Bytes hybrid = Bytes.concat(Bytes.hex(point.yIsOdd() ? "07" : "06"), x, point.y());
        assertThatThrownBy(() -> Point.decodeUncompressed(hybrid)).isInstanceOf(CodecException.class);
    }

    @Test
    void hasNoCoordinatesAtInfinity() {
        assertThat(Point.base(Scalar.ZERO)).isEqualTo(Point.INFINITY);
        assertThat(Point.INFINITY.add(Point.G)).isEqualTo(Point.G);
        assertThat(Point.INFINITY.mul(Scalar.ONE)).isEqualTo(Point.INFINITY);
        assertThatThrownBy(Point.INFINITY::x).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(Point.INFINITY::encodeUncompressed).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void agreesOnTheSecretsOfWycheproof() {
        int valid = 0;
        int refused = 0;
        for (JsonNode group :
                Vectors.json("mpc/wycheproof/ecdh_secp256k1_test.json").get("testGroups")) {
            for (JsonNode test : group.get("tests")) {
                Bytes der = Bytes.hex(test.get("public").asText());
                if (der.length() < 65 || !test.get("flags").toString().contains("\"Normal\"") && !isUncompressed(der)) {
                    continue;
                }
                Bytes encoded = der.slice(der.length() - 65, 65);
                boolean expected = test.get("result").asText().equals("valid");
                if (!onCurve(encoded)) {
                    assertThat(expected).as(test.toString()).isFalse();
                    assertThatThrownBy(() -> Point.decodeUncompressed(encoded)).isInstanceOf(CodecException.class);
                    refused++;
                } else if (expected) {
                    Scalar secret = Scalar.of(new BigInteger(test.get("private").asText(), 16));
                    try (SecretScalar scalar = SecretScalar.fromPublic(secret)) {
                        assertThat(Point.decodeUncompressed(encoded)
                                        .mul(scalar)
                                        .x()
                                        .toHex())
                                .as(test.toString())
                                .isEqualTo(test.get("shared").asText());
                    }
                    valid++;
                }
            }
        }
        assertThat(valid).isGreaterThan(400);
        assertThat(refused).isPositive();
    }

    private static boolean isUncompressed(Bytes der) {
        return der.at(der.length() - 65) == 4;
    }

    private static boolean onCurve(Bytes encoded) {
        try {
            return CURVE.getCurve().decodePoint(encoded.toArray()).isValid();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Bytes encode(ECPoint point) {
        return point.isInfinity() ? Bytes.zeros(33) : Bytes.wrap(point.getEncoded(true));
    }
}
