package io.cloister.attestation.platform;

import io.cloister.attestation.TestChips;
import io.cloister.attestation.tpm.RsaKey;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Plays Google's authority for attestation keys: a root and two intermediates that have one name. */
final class TestGoogle {
    private static final String ROOT = "O=Test, CN=EK/AK CA Root";
    private static final String INTERMEDIATE = "O=Test, CN=EK/AK CA Intermediate";
    private static final Instant FOR_EVER = TestChips.NOT_BEFORE.plus(Duration.ofDays(3650));

    private final KeyPair rootKey = newKey();
    private final KeyPair issuerKey = newKey();
    final Bytes root = authority(ROOT, rootKey.getPublic(), ROOT, rootKey);
    final Bytes intermediate = authority(INTERMEDIATE, issuerKey.getPublic(), ROOT, rootKey);

    /** For other keys, under the same name. */
    final Bytes namesake = authority(INTERMEDIATE, newKey().getPublic(), ROOT, rootKey);

    private static KeyPair newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    Bytes rootDigest() {
        return Hashes.sha256(Bytes.wrap(rootKey.getPublic().getEncoded()));
    }

    Bytes attestationKey(RsaKey key) {
        return leaf(key, KeyUsage.digitalSignature, false, FOR_EVER);
    }

    Bytes expired(RsaKey key) {
        return leaf(key, KeyUsage.digitalSignature, false, TestChips.AT.minusSeconds(1));
    }

    Bytes endorsementKey(RsaKey key) {
        return leaf(key, KeyUsage.keyEncipherment, false, FOR_EVER);
    }

    Bytes authorityWithKey(RsaKey key) {
        return leaf(key, KeyUsage.digitalSignature | KeyUsage.keyCertSign, true, FOR_EVER);
    }

    private Bytes leaf(RsaKey key, int usage, boolean authority, Instant until) {
        String subject = "L=zone, O=Test, OU=project, CN=4711";
        return issue(subject, publicKey(key), INTERMEDIATE, issuerKey, usage, authority, until);
    }

    private static Bytes authority(String subject, PublicKey key, String issuer, KeyPair signer) {
        return issue(subject, key, issuer, signer, KeyUsage.keyCertSign | KeyUsage.cRLSign, true, FOR_EVER);
    }

    private static PublicKey publicKey(RsaKey key) {
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(
                            new BigInteger(1, key.modulus().toArray()), BigInteger.valueOf(65_537)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Bytes issue(
            String subject, PublicKey key, String issuer, KeyPair signer, int usage, boolean authority, Instant until) {
        try {
            X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                    new X500Name(issuer),
                    BigInteger.ONE,
                    Date.from(TestChips.NOT_BEFORE),
                    Date.from(until),
                    new X500Name(subject),
                    SubjectPublicKeyInfo.getInstance(key.getEncoded()));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
            return Bytes.wrap(builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(signer.getPrivate()))
                    .getEncoded());
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }
}
