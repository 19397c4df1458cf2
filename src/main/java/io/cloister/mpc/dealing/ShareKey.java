package io.cloister.mpc.dealing;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Point;
import io.cloister.crypto.SecretScalar;
import io.cloister.mpc.sharing.DleqProof;

/** A share-encryption key: E_key (for an epoch, sealed) or E_pre (for a boot, memory only). */
public final class ShareKey implements AutoCloseable {
    private final SecretScalar secret;
    private final Point publicKey;

    private ShareKey(SecretScalar secret) {
        this.secret = secret;
        this.publicKey = Point.base(secret);
    }

    public static ShareKey generate() {
        return new ShareKey(SecretScalar.random());
    }

    /** Takes the scalar over. */
    public static ShareKey of(SecretScalar secret) {
        return new ShareKey(secret);
    }

    public Point publicKey() {
        return publicKey;
    }

    /** The 33 bytes that membership registers. */
    public Bytes id() {
        return publicKey.encode();
    }

    /** The point shared with a dealer whose ephemeral this is. */
    Point power(Point ephemeral) {
        return ephemeral.mul(secret);
    }

    DleqProof prove(Bytes context, DleqProof.Statement statement) {
        return DleqProof.prove(context, statement, secret);
    }

    @Override
    public void close() {
        secret.close();
    }
}
