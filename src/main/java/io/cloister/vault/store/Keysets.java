package io.cloister.vault.store;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.prf.PredefinedPrfParameters;
import com.google.crypto.tink.prf.PrfConfig;
import com.google.crypto.tink.prf.PrfSet;
import com.google.crypto.tink.subtle.AesGcmJce;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import io.cloister.vault.VaultException;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;

/**
 * The data keys of a level: a Tink AES256_GCM keyset and a Tink HMAC_SHA256_PRF keyset with the same key ids, which are
 * the key epochs 1, 2, 3 and so on.
 */
record Keysets(KeysetHandle aead, KeysetHandle prf) {
    static {
        try {
            AeadConfig.register();
            PrfConfig.register();
        } catch (GeneralSecurityException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Both keysets encrypted under a key-encryption key. */
    record Wrapped(Bytes aead, Bytes prf) {}

    /** Fresh keys of epoch 1. */
    static Keysets generate() {
        return with(KeysetHandle.newBuilder(), KeysetHandle.newBuilder(), 1);
    }

    /** The same keys and one new epoch, which all new values get. */
    Keysets next() {
        return with(KeysetHandle.newBuilder(aead), KeysetHandle.newBuilder(prf), Math.addExact(epoch(), 1));
    }

    int epoch() {
        return aead.getPrimary().getId();
    }

    boolean sameAs(Keysets other) {
        return aead.equalsKeyset(other.aead) && prf.equalsKeyset(other.prf);
    }

    TinkEnvelope.Keys primitives() {
        try {
            return new TinkEnvelope.Keys(
                    epoch(),
                    aead.getPrimitive(RegistryConfiguration.get(), Aead.class),
                    Map.copyOf(prf.getPrimitive(RegistryConfiguration.get(), PrfSet.class)
                            .getPrfs()));
        } catch (GeneralSecurityException e) {
            throw new VaultException("Tink has no primitive for a keyset", e);
        }
    }

    /** Encrypts both keysets; {@code aeadBound} and {@code prfBound} are their associated data. */
    Wrapped wrap(SecretBytes kek, Bytes aeadBound, Bytes prfBound) {
        return kek.use(key -> {
            try {
                Aead wrapping = new AesGcmJce(key);
                Configuration tink = RegistryConfiguration.get();
                return new Wrapped(
                        Bytes.wrap(TinkProtoKeysetFormat.serializeEncryptedKeyset(
                                aead, wrapping, aeadBound.toArray(), tink)),
                        Bytes.wrap(TinkProtoKeysetFormat.serializeEncryptedKeyset(
                                prf, wrapping, prfBound.toArray(), tink)));
            } catch (GeneralSecurityException e) {
                throw new VaultException("wrapping a keyset failed", e);
            }
        });
    }

    /** Empty when the key or the associated data is another one, or a byte was changed. */
    static Optional<Keysets> unwrap(SecretBytes kek, Wrapped wrapped, Bytes aeadBound, Bytes prfBound) {
        return kek.use(key -> {
            try {
                Aead wrapping = new AesGcmJce(key);
                Configuration tink = RegistryConfiguration.get();
                return Optional.of(new Keysets(
                        TinkProtoKeysetFormat.parseEncryptedKeyset(
                                wrapped.aead().toArray(), wrapping, aeadBound.toArray(), tink),
                        TinkProtoKeysetFormat.parseEncryptedKeyset(
                                wrapped.prf().toArray(), wrapping, prfBound.toArray(), tink)));
            } catch (GeneralSecurityException e) {
                return Optional.<Keysets>empty();
            }
        });
    }

    private static Keysets with(KeysetHandle.Builder aead, KeysetHandle.Builder prf, int epoch) {
        try {
            return new Keysets(
                    aead.addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                                    .withFixedId(epoch)
                                    .makePrimary())
                            .build(),
                    prf.addEntry(KeysetHandle.generateEntryFromParameters(PredefinedPrfParameters.HMAC_SHA256_PRF)
                                    .withFixedId(epoch)
                                    .makePrimary())
                            .build());
        } catch (GeneralSecurityException e) {
            throw new VaultException("making data keys failed", e);
        }
    }
}
