package io.cloister.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.HybridDecrypt;
import com.google.crypto.tink.HybridEncrypt;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HpkePrivateKey;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import com.google.crypto.tink.hybrid.HybridConfig;
import com.google.crypto.tink.util.SecretBytes;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.security.GeneralSecurityException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HpkeTest {
    private static final Bytes INFO = Bytes.utf8("cloister/test/v1");
    private static final Bytes DATA = Bytes.utf8("associated");

    @Property(tries = 40)
    void opensWhatWasSealed(@ForAll byte[] message) {
        try (HpkeKey key = Hpke.generate()) {
            Bytes sealed = Hpke.seal(key.publicKey(), INFO, DATA, Bytes.of(message));
            assertThat(sealed.length()).isEqualTo(message.length + 48);
            assertThat(Hpke.open(key, INFO, DATA, sealed)).isEqualTo(Bytes.of(message));
        }
    }

    @Test
    void refusesAnyChange() {
        try (HpkeKey key = Hpke.generate();
                HpkeKey other = Hpke.generate()) {
            Bytes sealed = Hpke.seal(key.publicKey(), INFO, DATA, Bytes.utf8("message"));
            for (int i = 0; i < sealed.length(); i++) {
                byte[] changed = sealed.toArray();
                changed[i] ^= 1;
                assertThatThrownBy(() -> Hpke.open(key, INFO, DATA, Bytes.wrap(changed)))
                        .isInstanceOf(DecryptionException.class);
            }
            assertThatThrownBy(() -> Hpke.open(other, INFO, DATA, sealed)).isInstanceOf(DecryptionException.class);
            assertThatThrownBy(() -> Hpke.open(key, DATA, DATA, sealed)).isInstanceOf(DecryptionException.class);
            assertThatThrownBy(() -> Hpke.open(key, INFO, INFO, sealed)).isInstanceOf(DecryptionException.class);
            for (int length : new int[] {0, 31, 47, sealed.length() - 1}) {
                assertThatThrownBy(() -> Hpke.open(key, INFO, DATA, sealed.slice(0, length)))
                        .isInstanceOf(DecryptionException.class);
            }
        }
    }

    @Test
    void refusesPublicKeysOfSmallOrderOrAnotherLength() {
        assertThatThrownBy(() -> Hpke.seal(Bytes.zeros(32), INFO, DATA, Bytes.EMPTY))
                .isInstanceOf(DecryptionException.class);
        assertThatThrownBy(() -> Hpke.seal(Bytes.zeros(31), INFO, DATA, Bytes.EMPTY))
                .isInstanceOf(CodecException.class);
    }

    @Test
    void encapsulatesTheKeysOfRfc9180() {
        // Appendix A.1.1; its AEAD is AES-128-GCM, so only the encapsulation is the same as ours.
        Bytes recipient = Bytes.hex("3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d");
        Bytes encapsulated = Bytes.hex("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431");
        try (HpkeKey ephemeral = secret("52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736");
                HpkeKey key = secret("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8");
                HpkeContext sender = Hpke.sender(recipient, INFO, ephemeral);
                HpkeContext receiver = Hpke.recipient(key, encapsulated, INFO)) {
            assertThat(key.publicKey()).isEqualTo(recipient);
            assertThat(sender.encapsulated()).isEqualTo(encapsulated);
            Bytes shared = Hpke.sharedSecret(key, encapsulated, encapsulated, recipient)
                    .use(Bytes::of);
            assertThat(shared.toHex()).isEqualTo("fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc");
            assertThat(receiver.open(DATA, sender.seal(DATA, Bytes.utf8("x")))).isEqualTo(Bytes.utf8("x"));
        }
    }

    @Test
    void runsSessionsInOrderAndExportsOneSecretOnBothSides() {
        try (HpkeKey key = Hpke.generate();
                HpkeContext sender = Hpke.sender(key.publicKey(), INFO);
                HpkeContext receiver = Hpke.recipient(key, sender.encapsulated(), INFO)) {
            Bytes first = sender.seal(DATA, Bytes.utf8("first"));
            Bytes second = sender.seal(DATA, Bytes.utf8("second"));
            assertThatThrownBy(() -> receiver.open(DATA, second)).isInstanceOf(DecryptionException.class);
            assertThat(receiver.open(DATA, first)).isEqualTo(Bytes.utf8("first"));
            assertThatThrownBy(() -> receiver.open(DATA, first)).isInstanceOf(DecryptionException.class);
            assertThat(receiver.open(DATA, second)).isEqualTo(Bytes.utf8("second"));
            Bytes exported = sender.export(Bytes.utf8("answers"), 48).use(Bytes::of);
            assertThat(receiver.export(Bytes.utf8("answers"), 48).<Bytes>use(Bytes::of))
                    .isEqualTo(exported);
            assertThat(receiver.export(Bytes.utf8("others"), 48).<Bytes>use(Bytes::of))
                    .isNotEqualTo(exported);
        }
    }

    @Test
    void carriesSecrets() {
        try (HpkeKey key = Hpke.generate();
                io.cloister.crypto.SecretBytes secret = io.cloister.crypto.SecretBytes.random(32)) {
            Bytes sealed = Hpke.sealSecret(key.publicKey(), INFO, DATA, secret);
            try (io.cloister.crypto.SecretBytes opened = Hpke.openSecret(key, INFO, DATA, sealed)) {
                assertThat(opened.<Bytes>use(Bytes::of)).isEqualTo(secret.<Bytes>use(Bytes::of));
            }
        }
    }

    @Test
    void understandsTinkBothWays() throws GeneralSecurityException {
        HybridConfig.register();
        HpkeParameters parameters = HpkeParameters.builder()
                .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
                .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
                .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
                .setVariant(HpkeParameters.Variant.NO_PREFIX)
                .build();
        byte[] raw = io.cloister.crypto.SecretBytes.random(32).use(byte[]::clone);
        try (HpkeKey key = HpkeKey.of(io.cloister.crypto.SecretBytes.taking(raw.clone()))) {
            HpkePublicKey publicKey = HpkePublicKey.create(
                    parameters,
                    com.google.crypto.tink.util.Bytes.copyFrom(key.publicKey().toArray()),
                    null);
            HpkePrivateKey privateKey =
                    HpkePrivateKey.create(publicKey, SecretBytes.copyFrom(raw, InsecureSecretKeyAccess.get()));
            HybridDecrypt decrypt = handle(privateKey).getPrimitive(RegistryConfiguration.get(), HybridDecrypt.class);
            HybridEncrypt encrypt = handle(privateKey)
                    .getPublicKeysetHandle()
                    .getPrimitive(RegistryConfiguration.get(), HybridEncrypt.class);
            Bytes message = Bytes.utf8("one message");
            Bytes ours = Hpke.seal(key.publicKey(), INFO, Bytes.EMPTY, message);
            assertThat(Bytes.wrap(decrypt.decrypt(ours.toArray(), INFO.toArray())))
                    .isEqualTo(message);
            Bytes theirs = Bytes.wrap(encrypt.encrypt(message.toArray(), INFO.toArray()));
            assertThat(Hpke.open(key, INFO, Bytes.EMPTY, theirs)).isEqualTo(message);
        }
    }

    private static KeysetHandle handle(HpkePrivateKey key) throws GeneralSecurityException {
        return KeysetHandle.newBuilder()
                .addEntry(KeysetHandle.importKey(key).withRandomId().makePrimary())
                .build();
    }

    private static HpkeKey secret(String hex) {
        return HpkeKey.of(io.cloister.crypto.SecretBytes.taking(Bytes.hex(hex).toArray()));
    }
}
