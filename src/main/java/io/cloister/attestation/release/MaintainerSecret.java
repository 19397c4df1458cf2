package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.SecretBytes;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * The secret half of a maintainer's Ed25519 key. The library keeps it on the heap while this object lives: use it in a
 * tool that ends, never in a node.
 */
public final class MaintainerSecret {
    private static final int MAX_ENCODED = 1024;

    private final PrivateKey secret;
    private final MaintainerKey publicKey;

    private MaintainerSecret(PrivateKey secret, MaintainerKey publicKey) {
        this.secret = secret;
        this.publicKey = publicKey;
    }

    /**
     * Reads a private key as {@code openssl genpkey -algorithm ed25519 -outform DER} makes it.
     *
     * @param pkcs8 PrivateKeyInfo in DER
     * @throws CodecException BAD_TEXT when this is no Ed25519 key in that encoding
     */
    public static MaintainerSecret ofPkcs8(SecretBytes pkcs8) {
        if (pkcs8.length() > MAX_ENCODED) {
            throw new CodecException(Reason.TOO_LONG, "a private key of " + pkcs8.length() + " bytes");
        }
        return pkcs8.use(MaintainerSecret::read);
    }

    private static MaintainerSecret read(byte[] pkcs8) {
        try {
            PrivateKey secret = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            byte[] seed = ((EdECPrivateKey) secret).getBytes().orElseThrow();
            byte[] point = new byte[MaintainerKey.SIZE];
            Ed25519.generatePublicKey(seed, 0, point, 0);
            return new MaintainerSecret(secret, new MaintainerKey(Bytes.wrap(point)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new CodecException(Reason.BAD_TEXT, "not an Ed25519 private key in PKCS #8");
        }
    }

    public MaintainerKey publicKey() {
        return publicKey;
    }

    /** Signs a message, 64 bytes. */
    Bytes sign(Bytes message) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(secret);
            signer.update(message.buffer());
            return Bytes.wrap(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the Java runtime cannot sign with Ed25519", e);
        }
    }

    /** The public key's id; nothing of the secret. */
    @Override
    public String toString() {
        return "MaintainerSecret " + publicKey.id().toHex();
    }
}
