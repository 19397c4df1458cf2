package io.cloister.channel.grpc;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.time.Instant;

/**
 * The TLS key of one boot and its self-signed certificate. The certificate vouches for nothing: what counts is that the
 * boot key set in the evidence names its key. Lives in memory only.
 */
public final class TlsIdentity {
    private static final String CURVE = "secp256r1";
    private static final ECParameterSpec P256 = p256();

    private final PrivateKey key;
    private final X509Certificate certificate;
    private final Bytes spki;

    private TlsIdentity(PrivateKey key, X509Certificate certificate) {
        this.key = key;
        this.certificate = certificate;
        this.spki = spkiOf(certificate);
    }

    /** @throws IllegalArgumentException when the certificate is not a self-signed one over P-256 */
    public static TlsIdentity of(PrivateKey key, X509Certificate certificate) {
        if (!PeerTrust.isSelfSignedP256(certificate)) {
            throw new IllegalArgumentException("the certificate is not self-signed over P-256");
        }
        return new TlsIdentity(key, certificate);
    }

    /** A new P-256 key with a certificate that is valid from a day before this time for ten years. */
    public static TlsIdentity generate(Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE));
            KeyPair pair = generator.generateKeyPair();
            return of(pair.getPrivate(), SelfSigned.certificate(pair, now));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the Java runtime cannot make a P-256 certificate", e);
        }
    }

    /** SHA-256 of the SubjectPublicKeyInfo: {@code tlsSpki} of the boot key set. */
    public Bytes spki() {
        return spki;
    }

    public X509Certificate certificate() {
        return certificate;
    }

    PrivateKey key() {
        return key;
    }

    static Bytes spkiOf(X509Certificate certificate) {
        return Hashes.sha256(Bytes.wrap(certificate.getPublicKey().getEncoded()));
    }

    static boolean isP256(X509Certificate certificate) {
        return certificate.getPublicKey() instanceof ECPublicKey key
                && key.getParams().getCurve().equals(P256.getCurve())
                && key.getParams().getGenerator().equals(P256.getGenerator())
                && key.getParams().getOrder().equals(P256.getOrder());
    }

    private static ECParameterSpec p256() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(CURVE));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the Java runtime lacks P-256", e);
        }
    }
}
