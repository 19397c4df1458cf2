package io.cloister.crypto;

import io.cloister.codec.Bytes;

/** A secp256k1 key pair that signs; the secret half is zeroed on close. */
public final class SigningKey implements AutoCloseable {
    private final SecretScalar secret;
    private final Point publicKey;

    private SigningKey(SecretScalar secret) {
        this.secret = secret;
        this.publicKey = Point.base(secret);
        if (publicKey.isInfinity()) {
            secret.close();
            throw new IllegalArgumentException("zero is no key");
        }
    }

    public static SigningKey generate() {
        return new SigningKey(SecretScalar.random());
    }

    /** A key of a secret that stays the caller's to close. */
    public static SigningKey of(SecretScalar secret) {
        return new SigningKey(secret.copy());
    }

    public Point publicKey() {
        return publicKey;
    }

    /** The compressed public key, 33 bytes: how keys are named everywhere. */
    public Bytes id() {
        return publicKey.encode();
    }

    public Signature sign(Bytes digest32) {
        return Ecdsa.sign(secret, digest32);
    }

    /** The secret key as 32 bytes, for sealing. */
    public SecretBytes export() {
        return secret.export();
    }

    @Override
    public void close() {
        secret.close();
    }
}
