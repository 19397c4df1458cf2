package io.cloister.attestation.platform;

import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate in AMD's profile (AMD 57230), in the making. */
final class CertificateTemplate {
    private static final String ARC = "1.3.6.1.4.1.3704.1.";

    private final String subject;
    private final Instant notBefore;
    private final Duration lifetime;
    private final Map<String, byte[]> extensions = new LinkedHashMap<>();
    private BigInteger serial = BigInteger.ZERO; // as AMD's leafs have it
    private boolean authority;

    CertificateTemplate(String subject, Instant notBefore, Duration lifetime) {
        this.subject = subject;
        this.notBefore = notBefore;
        this.lifetime = lifetime;
    }

    CertificateTemplate authority(BigInteger number) {
        authority = true;
        serial = number;
        return this;
    }

    /** Structure version and product name; Milan's leafs say {@code Milan-B0} whatever the stepping. */
    CertificateTemplate product(ProductLine line) {
        put("1", new ASN1Integer(line.tcbLayout().hasFmc() ? 1 : 0));
        put("2", new DERIA5String(line == ProductLine.MILAN ? "Milan-B0" : line.title()));
        return this;
    }

    CertificateTemplate tcb(Tcb tcb) {
        if (tcb.layout().hasFmc()) {
            put("3.9", new ASN1Integer(tcb.fmc()));
        }
        put("3.1", new ASN1Integer(tcb.bootLoader()));
        put("3.2", new ASN1Integer(tcb.tee()));
        put("3.3", new ASN1Integer(tcb.snp()));
        put("3.8", new ASN1Integer(tcb.microcode()));
        return this;
    }

    CertificateTemplate hardwareId(Bytes chipId) {
        extensions.put(ARC + "4", chipId.toArray()); // bare bytes, not DER: so AMD has it
        return this;
    }

    CertificateTemplate provider(String provider) {
        put("5", new DERIA5String(provider));
        return this;
    }

    private void put(String oid, ASN1Encodable value) {
        try {
            extensions.put(ARC + oid, value.toASN1Primitive().getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException("a small ASN.1 value always encodes", e);
        }
    }

    /** Signs with RSASSA-PSS, SHA-384 and a salt of 48 bytes; answers DER. */
    Bytes issue(PublicKey key, String issuer, PrivateKey issuerKey) {
        X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                name(issuer),
                serial,
                Date.from(notBefore),
                Date.from(notBefore.plus(lifetime)),
                name(subject),
                SubjectPublicKeyInfo.getInstance(key.getEncoded()));
        try {
            if (authority) {
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
                builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            }
            for (Map.Entry<String, byte[]> extension : extensions.entrySet()) {
                builder.addExtension(new ASN1ObjectIdentifier(extension.getKey()), false, extension.getValue());
            }
            return Bytes.wrap(builder.build(signer(issuerKey)).getEncoded());
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("a test certificate cannot be made", e);
        }
    }

    static ContentSigner signer(PrivateKey key) throws OperatorCreationException {
        return new JcaContentSignerBuilder("SHA384WITHRSAANDMGF1")
                .setProvider(new BouncyCastleProvider())
                .build(key);
    }

    static X500Name name(String commonName) {
        return new X500Name("O=Cloister test authority,OU=not AMD,CN=" + commonName);
    }
}
