package io.cloister.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.math.BigInteger;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.junit.jupiter.api.Test;

class ScalarTest {
    private static final BigInteger Q = CustomNamedCurves.getByName("secp256k1").getN();

    /** Numbers below q, edges of limbs and of the group order more often than chance would have them. */
    @Provide
    Arbitrary<BigInteger> numbers() {
        Arbitrary<BigInteger> edges = Arbitraries.of(Stream.of(0, 1, 32, 63, 64, 65, 127, 128, 192, 255)
                .map(BigInteger.ONE::shiftLeft)
                .flatMap(power -> Stream.of(power, power.subtract(BigInteger.ONE), Q.subtract(power)))
                .map(number -> number.mod(Q))
                .distinct()
                .toList());
        return Arbitraries.oneOf(edges, Arbitraries.bigIntegers().between(BigInteger.ZERO, Q.subtract(BigInteger.ONE)));
    }

    @Property(tries = 2000)
    void computesInSecretWhatBigIntegersCompute(@ForAll("numbers") BigInteger a, @ForAll("numbers") BigInteger b) {
        try (SecretScalar x = SecretScalar.fromPublic(Scalar.of(a));
                SecretScalar y = SecretScalar.fromPublic(Scalar.of(b))) {
            assertThat(reveal(x.add(y))).isEqualTo(a.add(b).mod(Q));
            assertThat(reveal(x.sub(y))).isEqualTo(a.subtract(b).mod(Q));
            assertThat(reveal(x.mul(y))).isEqualTo(a.multiply(b).mod(Q));
            assertThat(reveal(x.add(Scalar.of(b)))).isEqualTo(a.add(b).mod(Q));
            assertThat(reveal(x.sub(Scalar.of(b)))).isEqualTo(a.subtract(b).mod(Q));
            assertThat(reveal(x.mul(Scalar.of(b)))).isEqualTo(a.multiply(b).mod(Q));
            assertThat(reveal(x.negate())).isEqualTo(a.negate().mod(Q));
            assertThat(x.isZero()).isEqualTo(a.signum() == 0);
            assertThat(x.reveal().toBigInteger()).isEqualTo(a);
            assertThat(reveal(x.copy())).isEqualTo(a);
        }
    }

    @Property(tries = 200)
    void invertsInSecret(@ForAll("numbers") BigInteger a) {
        try (SecretScalar x = SecretScalar.fromPublic(Scalar.of(a))) {
            if (a.signum() == 0) {
                assertThatThrownBy(x::inverse).isInstanceOf(ArithmeticException.class);
            } else {
                assertThat(reveal(x.inverse())).isEqualTo(a.modInverse(Q));
            }
        }
    }

    @Property(tries = 500)
    void reducesSixtyFourSecretBytes(@ForAll("numbers") BigInteger high, @ForAll("numbers") BigInteger low) {
        Bytes wide = Bytes.concat(
                Scalar.of(high).encode(),
                Bytes.hex("ff"),
                Scalar.of(low).encode().slice(1, 31));
        try (SecretBytes secret = SecretBytes.taking(wide.toArray())) {
            assertThat(reveal(SecretScalar.reduce(secret))).isEqualTo(new BigInteger(1, wide.toArray()).mod(Q));
        }
    }

    @Property(tries = 500)
    void computesInPublicWhatBigIntegersCompute(@ForAll("numbers") BigInteger a, @ForAll("numbers") BigInteger b) {
        Scalar x = Scalar.of(a);
        Scalar y = Scalar.of(b);
        assertThat(x.add(y).sub(y)).isEqualTo(x);
        assertThat(x.mul(y).toBigInteger()).isEqualTo(a.multiply(b).mod(Q));
        assertThat(x.negate().add(x)).isEqualTo(Scalar.ZERO);
        assertThat(Scalar.decode(x.encode())).isEqualTo(x);
        assertThat(x.isHigh()).isEqualTo(a.compareTo(Q.shiftRight(1)) > 0);
        if (!x.isZero()) {
            assertThat(x.mul(x.inverse())).isEqualTo(Scalar.ONE);
        }
    }

    @Test
    void refusesEncodingsThatAreNotBelowTheGroupOrder() {
        for (BigInteger number : new BigInteger[] {
            Q, Q.add(BigInteger.ONE), BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE)
        }) {
            Bytes encoded = Bytes.hex(String.format("%064x", number));
            assertThatThrownBy(() -> Scalar.decode(encoded)).isInstanceOf(CodecException.class);
            try (SecretBytes secret = SecretBytes.taking(encoded.toArray())) {
                assertThatThrownBy(() -> SecretScalar.decode(secret)).isInstanceOf(CodecException.class);
            }
            assertThat(Scalar.reduce(encoded).toBigInteger()).isEqualTo(number.mod(Q));
        }
        assertThatThrownBy(() -> Scalar.decode(Bytes.zeros(31))).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> Scalar.decode(Bytes.zeros(33))).isInstanceOf(CodecException.class);
    }

    @Test
    void keepsASecretThroughExportAndDecoding() {
        try (SecretScalar secret = SecretScalar.random();
                SecretBytes exported = secret.export();
                SecretScalar back = SecretScalar.decode(exported)) {
            assertThat(back.reveal()).isEqualTo(secret.reveal());
        }
    }

    @Test
    void separatesHashesByDomainAndByTheBoundsOfTheirParts() {
        Bytes a = Bytes.utf8("a");
        Bytes ab = Bytes.utf8("ab");
        Bytes b = Bytes.utf8("b");
        assertThat(Stream.of(
                                Scalar.hash("cloister/x/v1", a, Bytes.utf8("bc")),
                                Scalar.hash("cloister/x/v1", ab, Bytes.utf8("c")),
                                Scalar.hash("cloister/x/v2", a, Bytes.utf8("bc")),
                                Scalar.hash("cloister/x/v1", a, b, Bytes.utf8("c")),
                                Scalar.hash("cloister/x/v1", a, Bytes.utf8("bc"), Bytes.EMPTY),
                                Scalar.hash("cloister/x/v1"))
                        .distinct())
                .hasSize(6);
        Bytes preimage = Bytes.concat(Bytes.utf8("cloister/x/v1"), Bytes.hex("00000001"), a);
        assertThat(Scalar.hash("cloister/x/v1", a)).isEqualTo(Scalar.reduce(Hashes.sha512(preimage)));
        assertThatThrownBy(() -> Scalar.hash("with space")).isInstanceOf(IllegalArgumentException.class);
    }

    private static BigInteger reveal(SecretScalar secret) {
        try (secret) {
            return secret.reveal().toBigInteger();
        }
    }
}
