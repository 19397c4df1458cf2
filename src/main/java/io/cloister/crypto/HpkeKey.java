package io.cloister.crypto;

import io.cloister.codec.Bytes;
import java.security.SecureRandom;
import org.bouncycastle.math.ec.rfc7748.X25519;

/** An X25519 key pair that opens HPKE messages; the secret half is zeroed on close. */
public final class HpkeKey implements AutoCloseable {
    private final SecretBytes secret;
    private final Bytes publicKey;

    private HpkeKey(SecretBytes secret) {
        this.secret = secret;
        this.publicKey = secret.use(bytes -> {
            byte[] derived = new byte[X25519.POINT_SIZE];
            X25519.generatePublicKey(bytes, 0, derived, 0);
            return Bytes.wrap(derived);
        });
    }

    static HpkeKey generate() {
        byte[] drawn = new byte[X25519.SCALAR_SIZE];
        X25519.generatePrivateKey(new SecureRandom(), drawn);
        return new HpkeKey(SecretBytes.taking(drawn));
    }

    /** A key pair of 32 secret bytes, taken over. */
    public static HpkeKey of(SecretBytes secret32) {
        if (secret32.length() != X25519.SCALAR_SIZE) {
            throw new IllegalArgumentException("an X25519 key of " + secret32.length() + " bytes");
        }
        return new HpkeKey(secret32);
    }

    /** 32 bytes (RFC 7748). */
    public Bytes publicKey() {
        return publicKey;
    }

    /** The shared X25519 secret; refused when it is zero, as RFC 9180 section 7.1.4 demands. */
    SecretBytes agree(Bytes peer) {
        return secret.use(bytes -> {
            byte[] shared = new byte[X25519.POINT_SIZE];
            if (!X25519.calculateAgreement(bytes, 0, peer.toArray(), 0, shared, 0)) {
                throw new DecryptionException("a public key of small order");
            }
            return SecretBytes.taking(shared);
        });
    }

    @Override
    public void close() {
        secret.close();
    }
}
