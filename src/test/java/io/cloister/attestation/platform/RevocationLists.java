package io.cloister.attestation.platform;

import io.cloister.attestation.snp.ProductLine;
import io.cloister.codec.Bytes;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Instant;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Revocation lists that no sound root would sign, and strange ones that it might. */
public final class RevocationLists {
    private RevocationLists() {}

    private static RevocationTemplate empty(TestAuthority authority, Instant thisUpdate) {
        return new RevocationTemplate("ARK-" + authority.line().title(), thisUpdate);
    }

    public static Bytes withoutEnd(TestAuthority authority, Instant thisUpdate) {
        return authority.revocationList(empty(authority, thisUpdate));
    }

    public static Bytes named(TestAuthority authority, String issuer, Instant from, Instant until) {
        return authority.revocationList(new RevocationTemplate(issuer, from).until(until));
    }

    public static Bytes ofSerial(TestAuthority authority, Instant from, Instant until, long serial) {
        return authority.revocationList(empty(authority, from).until(until).revoke(BigInteger.valueOf(serial)));
    }

    /** With a number, as real lists have it: an extension that is not critical. */
    public static Bytes numbered(TestAuthority authority, Instant from, Instant until) {
        return authority.revocationList(
                empty(authority, from).until(until).extension("2.5.29.20", false, new ASN1Integer(7)));
    }

    /** With an extension that every reader must know or refuse. */
    public static Bytes critical(TestAuthority authority, Instant from, Instant until, String oid) {
        return authority.revocationList(empty(authority, from).until(until).extension(oid, true, new ASN1Integer(7)));
    }

    /** One that may list what others than its signer issued. */
    public static Bytes indirect(TestAuthority authority, Instant from, Instant until) {
        var point = new IssuingDistributionPoint(null, true, false);
        return authority.revocationList(empty(authority, from).until(until).extension("2.5.29.28", true, point));
    }

    /** Under the right name, signed by nobody's key with an algorithm of choice. */
    public static Bytes signedByAnother(ProductLine line, Instant from, Instant until, String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return new RevocationTemplate("ARK-" + line.title(), from)
                    .until(until)
                    .sign(new JcaContentSignerBuilder(algorithm)
                            .setProvider(new BouncyCastleProvider())
                            .build(generator.generateKeyPair().getPrivate()));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }
}
