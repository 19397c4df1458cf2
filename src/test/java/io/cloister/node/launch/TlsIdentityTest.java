package io.cloister.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.junit.jupiter.api.Test;

class TlsIdentityTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void signsItsOwnP256Certificate() throws Exception {
        X509Certificate certificate =
                TlsIdentity.generate(new SecureRandom(), NOW).certificate();

        certificate.verify(certificate.getPublicKey());
        assertThat(((ECPublicKey) certificate.getPublicKey()).getParams().toString())
                .contains("secp256r1");
        assertThat(certificate.getVersion()).isEqualTo(3);
        assertThat(certificate.getSerialNumber().signum()).isEqualTo(1);
        assertThat(certificate.getNotBefore().toInstant()).isEqualTo(Instant.parse("2026-02-28T12:00:00Z"));
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(Instant.parse("9999-12-31T23:59:59Z"));
        assertThat(certificate.getSubjectAlternativeNames())
                .containsExactlyInAnyOrder(List.of(2, "localhost"), List.of(7, "127.0.0.1"));
    }

    @Test
    void encodesWhatAStricterReaderAlsoAccepts() throws Exception {
        byte[] encoded =
                TlsIdentity.generate(new SecureRandom(), NOW).certificate().getEncoded();
        X509CertificateHolder holder = new X509CertificateHolder(encoded);

        assertThat(Certificate.getInstance(encoded).getEncoded("DER")).isEqualTo(encoded);
        assertThat(holder.isSignatureValid(new JcaContentVerifierProviderBuilder().build(holder)))
                .isTrue();
    }

    @Test
    void keepsOneIdentityForTheProcess() {
        assertThat(TlsIdentity.ofThisBoot()).isSameAs(TlsIdentity.ofThisBoot());
    }

    @Test
    void makesAnotherKeyEachTime() {
        byte[] one = TlsIdentity.generate(new SecureRandom(), NOW).spkiHash();
        byte[] other = TlsIdentity.generate(new SecureRandom(), NOW).spkiHash();

        assertThat(one).hasSize(32).isNotEqualTo(other);
    }

    @Test
    void hashesTheSubjectPublicKeyInfo() throws Exception {
        TlsIdentity identity = TlsIdentity.generate(new SecureRandom(), NOW);
        byte[] info = new X509CertificateHolder(identity.certificate().getEncoded())
                .getSubjectPublicKeyInfo()
                .getEncoded("DER");

        assertThat(identity.spkiHash())
                .isEqualTo(MessageDigest.getInstance("SHA-256").digest(info));
    }
}
