package io.cloister.crypto;

import io.cloister.codec.Bytes;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM with a 16-byte tag (NIST SP 800-38D). The caller answers for nonces: the same nonce twice under one key
 * breaks it. The key stays its owner's to close; an {@code Aead} of a closed key does not work any more.
 */
public final class Aead {
    public static final int KEY_LENGTH = 32;
    public static final int NONCE_LENGTH = 12;
    public static final int TAG_LENGTH = 16;

    private final SecretBytes key;

    /** @throws IllegalArgumentException unless the key has 32 bytes */
    public Aead(SecretBytes key) {
        if (key.length() != KEY_LENGTH) {
            throw new IllegalArgumentException("a key of " + key.length() + " bytes");
        }
        this.key = key;
    }

    /** Ciphertext and tag: 16 bytes more than the plaintext. */
    public Bytes seal(Bytes nonce12, Bytes associatedData, Bytes plaintext) {
        return Bytes.wrap(run(Cipher.ENCRYPT_MODE, nonce12, associatedData, plaintext.toArray()));
    }

    /** Seals a secret, which stays open. */
    public Bytes sealSecret(Bytes nonce12, Bytes associatedData, SecretBytes plaintext) {
        return plaintext.use(bytes -> Bytes.wrap(run(Cipher.ENCRYPT_MODE, nonce12, associatedData, bytes)));
    }

    /** @throws DecryptionException when key, nonce, associated data or ciphertext are not the ones that were sealed */
    public Bytes open(Bytes nonce12, Bytes associatedData, Bytes sealed) {
        return Bytes.wrap(decrypt(nonce12, associatedData, sealed));
    }

    /** Opens a secret, with the same error as {@link #open}. */
    public SecretBytes openSecret(Bytes nonce12, Bytes associatedData, Bytes sealed) {
        return SecretBytes.taking(decrypt(nonce12, associatedData, sealed));
    }

    private byte[] decrypt(Bytes nonce, Bytes associatedData, Bytes sealed) {
        if (sealed.length() < TAG_LENGTH) {
            throw new DecryptionException("a sealed message shorter than its tag");
        }
        return run(Cipher.DECRYPT_MODE, nonce, associatedData, sealed.toArray());
    }

    private byte[] run(int mode, Bytes nonce, Bytes associatedData, byte[] input) {
        if (nonce.length() != NONCE_LENGTH) {
            throw new IllegalArgumentException("a nonce of " + nonce.length() + " bytes");
        }
        return key.use(raw -> {
            try (TransientKey wrapped = new TransientKey("AES", raw)) {
                Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
                cipher.init(mode, wrapped, new GCMParameterSpec(TAG_LENGTH * 8, nonce.toArray()));
                cipher.updateAAD(associatedData.toArray());
                return cipher.doFinal(input);
            } catch (AEADBadTagException e) {
                throw new DecryptionException("the sealed message does not open", e);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the Java runtime lacks AES-256-GCM", e);
            }
        });
    }
}
