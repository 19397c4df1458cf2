package io.cloister.attestation.platform;

import io.cloister.codec.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;

/** A revocation list in AMD's profile, in the making. */
final class RevocationTemplate {
    private final X509v2CRLBuilder builder;
    private final Date thisUpdate;

    RevocationTemplate(String issuer, Instant thisUpdate) {
        this.thisUpdate = Date.from(thisUpdate);
        this.builder = new X509v2CRLBuilder(CertificateTemplate.name(issuer), this.thisUpdate);
    }

    RevocationTemplate until(Instant nextUpdate) {
        builder.setNextUpdate(Date.from(nextUpdate));
        return this;
    }

    RevocationTemplate revoke(Bytes certificate) {
        try {
            X509Certificate parsed = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(certificate.toArray()));
            return revoke(parsed.getSerialNumber());
        } catch (CertificateException e) {
            throw new IllegalArgumentException("not a certificate", e);
        }
    }

    RevocationTemplate revoke(BigInteger serial) {
        builder.addCRLEntry(serial, thisUpdate, CRLReason.keyCompromise);
        return this;
    }

    RevocationTemplate extension(String oid, boolean critical, ASN1Encodable value) {
        try {
            builder.addExtension(new ASN1ObjectIdentifier(oid), critical, value);
            return this;
        } catch (IOException e) {
            throw new IllegalStateException("a small ASN.1 value always encodes", e);
        }
    }

    /** Signs as AMD does; answers DER. */
    Bytes sign(PrivateKey key) {
        try {
            return sign(CertificateTemplate.signer(key));
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("a test revocation list cannot be signed", e);
        }
    }

    Bytes sign(ContentSigner signer) {
        try {
            return Bytes.wrap(builder.build(signer).getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException("a small ASN.1 value always encodes", e);
        }
    }
}
