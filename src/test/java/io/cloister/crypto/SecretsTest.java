package io.cloister.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import java.io.Serializable;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SecretsTest {
    @Test
    void takesASecretOverAndZeroesItsSource() {
        byte[] source = {1, 2, 3};
        try (SecretBytes secret = SecretBytes.taking(source)) {
            assertThat(source).containsOnly(0);
            assertThat(secret.length()).isEqualTo(3);
            assertThat(secret.<Bytes>use(Bytes::of)).isEqualTo(Bytes.hex("010203"));
        }
    }

    @Test
    void zeroesTheLentCopyEvenWhenItsUserFails() {
        List<byte[]> kept = new ArrayList<>();
        try (SecretBytes secret = SecretBytes.random(32)) {
            secret.use(kept::add);
            assertThatThrownBy(() -> secret.use(bytes -> {
                        kept.add(bytes);
                        throw new IllegalStateException("user failed");
                    }))
                    .hasMessage("user failed");
        }
        assertThat(kept).allSatisfy(bytes -> assertThat(bytes).containsOnly(0));
    }

    @Test
    void refusesUseAfterClose() {
        SecretBytes bytes = SecretBytes.random(32);
        bytes.close();
        bytes.close();
        assertThatThrownBy(() -> bytes.use(List::of)).isInstanceOf(IllegalStateException.class);
        SecretScalar scalar = SecretScalar.random();
        scalar.close();
        assertThatThrownBy(scalar::reveal).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Point.base(scalar)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void clearsABlockBeforeAnotherSecretCanGetIt() {
        SecretMemory memory = SecretMemory.allocate(32);
        memory.write(new byte[] {
            1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5
        });
        var block = memory.use(segment -> segment);
        memory.close();
        byte[] left = block.toArray(ValueLayout.JAVA_BYTE);
        assertThat(left).containsOnly(0);
    }

    @Test
    void derivesDifferentSecretsForDifferentLabels() {
        try (SecretBytes root = SecretBytes.taking(new byte[32]);
                SecretBytes a = root.hkdf("cloister/test/v1 a", 32);
                SecretBytes b = root.hkdf("cloister/test/v1 b", 32);
                SecretBytes again = root.hkdf("cloister/test/v1 a", 32)) {
            Bytes first = a.use(Bytes::of);
            assertThat(first).isEqualTo(again.<Bytes>use(Bytes::of)).isNotEqualTo(b.<Bytes>use(Bytes::of));
            assertThat(first)
                    .isEqualTo(Hashes.hkdfSha256(Bytes.zeros(32), Bytes.EMPTY, Bytes.utf8("cloister/test/v1 a"), 32));
        }
    }

    @Test
    void haveNeitherTextNorEqualityNorSerialisation() {
        Stream.of(
                        SecretBytes.class,
                        SecretScalar.class,
                        SigningKey.class,
                        HpkeKey.class,
                        HpkeContext.class,
                        SecretMemory.class)
                .forEach(type -> {
                    assertThat(Serializable.class.isAssignableFrom(type)).isFalse();
                    assertThat(type.isRecord()).isFalse();
                    assertThat(Stream.of(type.getDeclaredMethods()).map(method -> method.getName()))
                            .doesNotContain("toString", "equals", "hashCode", "writeObject");
                });
    }
}
