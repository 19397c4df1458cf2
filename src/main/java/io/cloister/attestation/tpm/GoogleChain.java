package io.cloister.attestation.tpm;

import io.cloister.codec.Bytes;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts the chain of an attestation key's certificate together from certificates that lie about. Issuers are found by
 * name and signature, because several of Google's intermediates have one name. Nothing is judged here.
 */
public final class GoogleChain {
    private static final int MOST = 4;

    private GoogleChain() {}

    /**
     * The chain, the leaf first and a certificate that signed itself last; empty when an issuer is missing.
     *
     * @param candidates DER; what is no certificate is passed over
     */
    public static Optional<List<Bytes>> of(Bytes leaf, List<Bytes> candidates) {
        List<X509Certificate> known =
                candidates.stream().flatMap(der -> parse(der).stream()).toList();
        List<Bytes> chain = new ArrayList<>(List.of(leaf));
        Optional<X509Certificate> at = parse(leaf);
        while (at.isPresent() && !signed(at.get(), at.get()) && chain.size() < MOST) {
            X509Certificate subject = at.get();
            at = known.stream().filter(issuer -> signed(subject, issuer)).findFirst();
            at.ifPresent(issuer -> chain.add(encoded(issuer)));
        }
        return at.filter(last -> signed(last, last)).map(root -> List.copyOf(chain));
    }

    /** Whether a certificate is one of this key. */
    public static boolean certifies(Bytes certificate, RsaKey key) {
        return parse(certificate)
                .map(X509Certificate::getPublicKey)
                .filter(certified -> certified instanceof RSAPublicKey rsa
                        && rsa.getModulus()
                                .equals(new BigInteger(1, key.modulus().toArray())))
                .isPresent();
    }

    private static Optional<X509Certificate> parse(Bytes der) {
        try {
            return Optional.of((X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der.toArray())));
        } catch (CertificateException e) {
            return Optional.empty();
        }
    }

    private static boolean signed(X509Certificate subject, X509Certificate issuer) {
        if (!subject.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            subject.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static Bytes encoded(X509Certificate certificate) {
        try {
            return Bytes.wrap(certificate.getEncoded());
        } catch (CertificateException e) {
            throw new IllegalStateException("a parsed certificate has its encoding", e);
        }
    }
}
