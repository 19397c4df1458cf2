package io.cloister.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import org.junit.jupiter.api.Test;

class AeadTest {
    private static final Bytes NONCE = Bytes.zeros(12);

    @Test
    void givesTheTagOfTheGcmSpecification() {
        // The GCM submission's test cases 13 and 14: zero key, zero nonce.
        try (SecretBytes key = SecretBytes.taking(new byte[32])) {
            Aead aead = new Aead(key);
            assertThat(aead.seal(NONCE, Bytes.EMPTY, Bytes.EMPTY).toHex())
                    .isEqualTo("530f8afbc74536b9a963b4f1c4cb738b");
            assertThat(aead.seal(NONCE, Bytes.EMPTY, Bytes.zeros(16)).toHex())
                    .isEqualTo("cea7403d4d606b6e074ec5d3baf39d18" + "d0d1c8a799996bf0265b98b5d48ab919");
        }
    }

    @Test
    void opensOnlyWhatWasSealedWithTheSameNonceAndData() {
        try (SecretBytes key = SecretBytes.random(32);
                SecretBytes other = SecretBytes.random(32)) {
            Aead aead = new Aead(key);
            Bytes data = Bytes.utf8("data");
            Bytes sealed = aead.seal(NONCE, data, Bytes.utf8("message"));
            assertThat(aead.open(NONCE, data, sealed)).isEqualTo(Bytes.utf8("message"));
            assertThatThrownBy(() -> new Aead(other).open(NONCE, data, sealed)).isInstanceOf(DecryptionException.class);
            assertThatThrownBy(() -> aead.open(NONCE, Bytes.EMPTY, sealed)).isInstanceOf(DecryptionException.class);
            assertThatThrownBy(() -> aead.open(Bytes.hex("01".repeat(12)), data, sealed))
                    .isInstanceOf(DecryptionException.class);
            assertThatThrownBy(() -> aead.open(NONCE, data, sealed.slice(0, 15)))
                    .isInstanceOf(DecryptionException.class);
        }
    }

    @Test
    void refusesKeysAndNoncesOfAnotherLength() {
        try (SecretBytes key = SecretBytes.random(16);
                SecretBytes right = SecretBytes.random(32)) {
            assertThatThrownBy(() -> new Aead(key)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new Aead(right).seal(Bytes.zeros(11), Bytes.EMPTY, Bytes.EMPTY))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
