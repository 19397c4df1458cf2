package io.cloister.attestation.tpm;

import static io.cloister.attestation.steps.Fault.require;

import io.cloister.attestation.steps.Fault;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;

/**
 * Google's certificates for the attestation keys of its virtual TPMs (NV index 0x01c10000). The root's key is pinned;
 * everything under it comes with the evidence. Such a certificate names an instance; it does not say that the instance
 * is a confidential one, so the report must bind the same data as the quote.
 */
final class GoogleKeys {
    /** SHA-256 of the SubjectPublicKeyInfo of "EK/AK CA Root", valid from 2022. */
    static final Bytes ROOT = Bytes.hex("56a613f57126a385dd6949294e93b0b566f96ab0573be0c2368e6f5ca779831f");

    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_ENCIPHERMENT = 2;

    private GoogleKeys() {}

    /**
     * The key that the first certificate vouches for.
     *
     * @param chain the key's certificate first, the root's last, DER
     * @param testRoots digests of roots that are taken beside Google's
     * @throws Fault when the chain does not hold at this moment
     */
    static RsaKey certified(List<Bytes> chain, Set<Bytes> testRoots, Instant at) {
        require(chain.size() >= 2, "the attestation key comes without its certificates");
        List<X509Certificate> certificates = parse(chain);
        X509Certificate root = certificates.getLast();
        Bytes digest = digest(root);
        require(
                digest.equals(ROOT) || testRoots.contains(digest),
                "no trust in the root " + digest + " of the attestation key");
        validate(certificates, root, at);
        X509Certificate leaf = certificates.getFirst();
        boolean[] usage = leaf.getKeyUsage();
        require(
                leaf.getBasicConstraints() < 0 && usage != null && usage[DIGITAL_SIGNATURE] && !usage[KEY_ENCIPHERMENT],
                "the certificate is not one of an attestation key");
        if (!(leaf.getPublicKey() instanceof RSAPublicKey rsa)) {
            throw new Fault("the attestation key is not RSA");
        }
        return RsaKey.of(rsa);
    }

    /** Whether a chain that holds ends in Google's own root. */
    static boolean isGoogles(List<Bytes> chain) {
        return digest(parse(chain).getLast()).equals(ROOT);
    }

    private static Bytes digest(X509Certificate root) {
        return Hashes.sha256(Bytes.wrap(root.getPublicKey().getEncoded()));
    }

    private static List<X509Certificate> parse(List<Bytes> chain) {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Bytes der : chain) {
                ByteArrayInputStream in = new ByteArrayInputStream(der.toArray());
                certificates.add((X509Certificate) factory.generateCertificate(in));
                require(in.available() == 0, "bytes stand behind a certificate of the attestation key");
            }
            return certificates;
        } catch (Fault e) {
            throw e;
        } catch (CertificateException | RuntimeException e) { // the JDK's parser throws both kinds for bad bytes
            throw new Fault("a certificate of the attestation key cannot be read");
        }
    }

    private static void validate(List<X509Certificate> certificates, X509Certificate root, Instant at) {
        try {
            root.verify(root.getPublicKey()); // else anybody could write other dates into it
            root.checkValidity(Date.from(at));
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
            parameters.setRevocationEnabled(false); // these certificates name no list
            parameters.setDate(Date.from(at));
            CertPathValidator.getInstance("PKIX")
                    .validate(
                            CertificateFactory.getInstance("X.509")
                                    .generateCertPath(certificates.subList(0, certificates.size() - 1)),
                            parameters);
        } catch (GeneralSecurityException | RuntimeException e) { // as above
            throw new Fault("the certificates of the attestation key do not hold at " + at);
        }
    }
}
