package io.cloister.mpc.sharing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.HashToCurve;
import io.cloister.crypto.Point;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.SecretScalar;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Completeness, binding to context and statement, and one encoding for each of the four proofs. */
class ProofTest {
    private static final Bytes CONTEXT = Bytes.utf8("context");
    private static final Bytes OTHER = Bytes.utf8("contexs");

    private final SecretScalar first = SecretScalar.random();
    private final SecretScalar second = SecretScalar.random();
    private final SecretScalar third = SecretScalar.random();

    private static <T> void hasOneEncoding(T proof, Function<T, Consumer<Writer>> encode, Function<Reader, T> decode) {
        Writer writer = new Writer();
        encode.apply(proof).accept(writer);
        Bytes encoded = writer.toBytes();
        assertThat(decode.apply(new Reader(encoded))).isEqualTo(proof);
        Bytes high = Bytes.concat(Bytes.hex("ff".repeat(32)), encoded.slice(32, encoded.length() - 32));
        assertThatThrownBy(() -> decode.apply(new Reader(high))).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> decode.apply(new Reader(encoded.slice(0, encoded.length() - 1))))
                .isInstanceOf(CodecException.class);
    }

    @Test
    void possessionHoldsForItsContextAndPointOnly() {
        Point v = Point.base(first);
        PossessionProof proof = PossessionProof.prove(CONTEXT, first, v);
        assertThat(proof.verify(CONTEXT, v)).isTrue();
        assertThat(proof.verify(OTHER, v)).isFalse();
        assertThat(proof.verify(CONTEXT, v.add(Point.G))).isFalse();
        assertThat(new PossessionProof(proof.challenge(), proof.response().add(Scalar.ONE)).verify(CONTEXT, v))
                .isFalse();
        hasOneEncoding(proof, p -> p::encode, PossessionProof::decode);
    }

    @Test
    void unmaskingHoldsOnlyForTheSameValue() {
        Point simple = Point.base(first);
        Point masked = Pedersen.commit(first, second);
        UnmaskProof proof = UnmaskProof.prove(CONTEXT, masked, simple, second);
        assertThat(proof.verify(CONTEXT, masked, simple)).isTrue();
        assertThat(proof.verify(OTHER, masked, simple)).isFalse();
        assertThat(proof.verify(CONTEXT, masked, Point.base(third))).isFalse();
        UnmaskProof forged = UnmaskProof.prove(CONTEXT, masked, simple.add(Point.G), second);
        assertThat(forged.verify(CONTEXT, masked, simple.add(Point.G)))
                .as("another value under the same mask")
                .isFalse();
        hasOneEncoding(proof, p -> p::encode, UnmaskProof::decode);
    }

    @Test
    void productHoldsOnlyForTheProduct() {
        try (SecretScalar mask = SecretScalar.random();
                SecretScalar product = first.mul(second)) {
            Point u = Point.base(first);
            Point y = Pedersen.commit(second, third);
            ProductProof.Statement right = new ProductProof.Statement(u, y, Pedersen.commit(product, mask));
            ProductProof proof = ProductProof.prove(CONTEXT, right, first, third, mask);
            assertThat(proof.verify(CONTEXT, right)).isTrue();
            assertThat(proof.verify(OTHER, right)).isFalse();
            ProductProof.Statement wrong =
                    new ProductProof.Statement(u, y, right.product().add(Point.G));
            assertThat(proof.verify(CONTEXT, wrong)).isFalse();
            assertThat(ProductProof.prove(CONTEXT, wrong, first, third, mask).verify(CONTEXT, wrong))
                    .isFalse();
            assertThat(proof.verify(CONTEXT, new ProductProof.Statement(u.add(Point.G), y, right.product())))
                    .isFalse();
            assertThat(proof.verify(CONTEXT, new ProductProof.Statement(u, y.add(Point.G), right.product())))
                    .isFalse();
            hasOneEncoding(proof, p -> p::encode, ProductProof::decode);
        }
    }

    @Test
    void equalLogarithmsHoldOnlyWhenTheyAreEqual() {
        Point base = Point.base(second);
        DleqProof.Statement right = new DleqProof.Statement(Point.base(first), base, base.mul(first));
        DleqProof proof = DleqProof.prove(CONTEXT, right, first);
        assertThat(proof.verify(CONTEXT, right)).isTrue();
        assertThat(proof.verify(OTHER, right)).isFalse();
        DleqProof.Statement wrong = new DleqProof.Statement(right.key(), base, base.mul(third));
        assertThat(proof.verify(CONTEXT, wrong)).isFalse();
        assertThat(DleqProof.prove(CONTEXT, wrong, first).verify(CONTEXT, wrong))
                .isFalse();
        hasOneEncoding(proof, p -> p::encode, DleqProof::decode);
    }

    @Test
    void theSecondGeneratorIsTheHashedPointAndNotTheFirst() {
        assertThat(Pedersen.H.encode().toHex())
                .as("a constant of the protocol")
                .isEqualTo(HashToCurve.hash("cloister/mpc/pedersen/v1", Bytes.utf8("second generator"))
                        .encode()
                        .toHex());
        assertThat(Pedersen.H).isNotIn(Point.G, Point.G.negate(), Point.INFINITY);
    }
}
