package io.cloister.node.launch;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The TLS key of one boot: P-256 with a self-signed X.509 certificate (RFC 5280), in memory only. Whoever connects
 * trusts it through evidence that names its SPKI, never through the certificate's names or dates.
 */
public final class TlsIdentity {
    private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
    private static final String COMMON_NAME = "2.5.4.3";
    private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    // RFC 5280 4.1.2.5: a certificate without a well-defined end.
    private static final String NO_END = "99991231235959Z";

    private final PrivateKey key;
    private final X509Certificate certificate;

    private TlsIdentity(PrivateKey key, X509Certificate certificate) {
        this.key = key;
        this.certificate = certificate;
    }

    /** Made once in a process, on the first call; the https listener and the channel share it. */
    public static TlsIdentity ofThisBoot() {
        return ThisBoot.IDENTITY;
    }

    /** The private key, which must not be written anywhere. */
    public PrivateKey key() {
        return key;
    }

    /** The self-signed certificate of {@link #key()}. */
    public X509Certificate certificate() {
        return certificate;
    }

    /** SHA-256 of the certificate's SubjectPublicKeyInfo, 32 bytes. */
    public byte[] spkiHash() {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(certificate.getPublicKey().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no SHA-256 in this JDK", e);
        }
    }

    static TlsIdentity generate(SecureRandom random, Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair pair = generator.generateKeyPair();
            byte[] body = toBeSigned(pair, random, now);
            Signature signer = Signature.getInstance("SHA256withECDSA");
            signer.initSign(pair.getPrivate(), random);
            signer.update(body);
            byte[] encoded = Der.sequence(body, Der.sequence(Der.oid(ECDSA_WITH_SHA256)), Der.bitString(signer.sign()));
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
            certificate.verify(pair.getPublic());
            return new TlsIdentity(pair.getPrivate(), certificate);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot make a P-256 certificate", e);
        }
    }

    private static byte[] toBeSigned(KeyPair pair, SecureRandom random, Instant now) {
        byte[] name = Der.sequence(Der.set(Der.sequence(Der.oid(COMMON_NAME), Der.utf8("cloister node"))));
        byte[] loopback = InetAddress.ofLiteral("127.0.0.1").getAddress();
        byte[] names = Der.sequence(
                Der.context(2, false, "localhost".getBytes(StandardCharsets.US_ASCII)),
                Der.context(7, false, loopback));
        byte[] extensions = Der.sequence(Der.sequence(Der.oid(SUBJECT_ALTERNATIVE_NAME), Der.octetString(names)));
        return Der.sequence(
                Der.context(0, true, Der.integer(new byte[] {2})),
                Der.integer(new BigInteger(127, random).setBit(126).toByteArray()),
                Der.sequence(Der.oid(ECDSA_WITH_SHA256)),
                name,
                Der.sequence(Der.utcTime(TIME.format(now.minus(Duration.ofDays(1)))), Der.generalizedTime(NO_END)),
                name,
                pair.getPublic().getEncoded(),
                Der.context(3, true, extensions));
    }

    private static final class ThisBoot {
        private static final TlsIdentity IDENTITY = generate(new SecureRandom(), Instant.now());
    }
}
