package io.cloister.attestation.platform;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import io.cloister.attestation.Collateral;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SnpCertificate;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.SecretBytes;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Plays AMD for simulated chips: a root and intermediate of RSA-4096 and leafs on P-384 in AMD's exact profile. What
 * it certifies is worth nothing to anybody who does not name its root, and grade D to those who do. Making one takes
 * seconds.
 */
public final class TestAuthority {
    private static final int RSA_BITS = 4096;
    private static final Duration ROOT_LIFETIME = Duration.ofDays(25 * 365);
    private static final Duration LEAF_LIFETIME = Duration.ofDays(7 * 365);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ProductLine line;
    private final Instant notBefore;
    private final KeyPair rootKey;
    private final KeyPair issuerKey;
    private final Bytes root;
    private final Bytes chipIssuer;
    private final Bytes cloudIssuer;

    /** The issuer's key is that of both intermediates: another RSA key would only cost seconds. */
    private TestAuthority(ProductLine line, Instant notBefore, KeyPair rootKey, KeyPair issuerKey) {
        this.line = line;
        this.notBefore = notBefore;
        this.rootKey = rootKey;
        this.issuerKey = issuerKey;
        this.root = new CertificateTemplate("ARK-" + line.title(), notBefore, ROOT_LIFETIME)
                .authority(serial(0x0000))
                .issue(rootKey.getPublic(), "ARK-" + line.title(), rootKey.getPrivate());
        this.chipIssuer = intermediate("SEV-", serial(0x0001));
        this.cloudIssuer = intermediate("SEV-VLEK-", serial(0x0101));
    }

    /**
     * Makes an authority for one product line.
     *
     * @param notBefore from when its certificates are valid
     */
    public static TestAuthority create(ProductLine line, Instant notBefore) {
        try {
            return new TestAuthority(line, notBefore, rsa(), rsa());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no RSA keys can be made", e);
        }
    }

    /** The same authority for another product line: the same keys, so that the same digest names its root. */
    public TestAuthority sister(ProductLine other) {
        return new TestAuthority(other, notBefore, rootKey, issuerKey);
    }

    private Bytes intermediate(String prefix, BigInteger serial) {
        return new CertificateTemplate(prefix + line.title(), notBefore, ROOT_LIFETIME)
                .authority(serial)
                .issue(issuerKey.getPublic(), "ARK-" + line.title(), rootKey.getPrivate());
    }

    /** AMD's own numbering: the line, counted from 1, in the third byte. */
    private BigInteger serial(int low) {
        return BigInteger.valueOf((line.ordinal() + 1L << 16) | low);
    }

    /**
     * A revocation list of the root, DER.
     *
     * @param revoked certificates that the list names by their serial numbers
     */
    public Bytes revocationList(Instant thisUpdate, Instant nextUpdate, List<Bytes> revoked) {
        RevocationTemplate list = new RevocationTemplate("ARK-" + line.title(), thisUpdate).until(nextUpdate);
        revoked.forEach(list::revoke);
        return revocationList(list);
    }

    Bytes revocationList(RevocationTemplate list) {
        return list.sign(rootKey.getPrivate());
    }

    public ProductLine line() {
        return line;
    }

    /** SHA-256 of the root's SubjectPublicKeyInfo: what a policy names to accept this authority's chips. */
    public Bytes rootDigest() {
        return SnpCertificate.parse(root).keyDigest();
    }

    /** A chip with a random id, a VCEK for this TCB and a root for derived keys. */
    public SimulatedChip issueChip(Tcb tcb) {
        byte[] id = new byte[line.chipIdLength()];
        RANDOM.nextBytes(id);
        return issueChip(Bytes.wrap(id), tcb);
    }

    /** A chip with this id. */
    public SimulatedChip issueChip(Bytes chipId, Tcb tcb) {
        if (chipId.length() != line.chipIdLength()) {
            throw new CodecException(
                    Reason.OUT_OF_RANGE, "a chip id of " + line.title() + " has " + line.chipIdLength() + " bytes");
        }
        return issue("SEV-VCEK", "SEV-" + line.title(), chipIssuer, tcb, leaf -> leaf.hardwareId(chipId));
    }

    /** A key as AMD gives it to a cloud provider: a VLEK, whose reports hide the chip. */
    public SimulatedChip issueCloudKey(String provider, Tcb tcb) {
        return issue("SEV-VLEK", "SEV-VLEK-" + line.title(), cloudIssuer, tcb, leaf -> leaf.provider(provider));
    }

    private SimulatedChip issue(
            String name,
            String issuer,
            Bytes issuerCertificate,
            Tcb tcb,
            UnaryOperator<CertificateTemplate> extension) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp384r1"));
            KeyPair key = generator.generateKeyPair();
            CertificateTemplate template = new CertificateTemplate(name, notBefore, LEAF_LIFETIME)
                    .product(line)
                    .tcb(tcb);
            Bytes leaf = extension.apply(template).issue(key.getPublic(), issuer, issuerKey.getPrivate());
            return new SimulatedChip(
                    key.getPrivate(), new Collateral(leaf, issuerCertificate, root), SecretBytes.random(32));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no P-384 key can be made", e);
        }
    }

    private static KeyPair rsa() throws GeneralSecurityException {
        AmazonCorrettoCryptoProvider corretto = AmazonCorrettoCryptoProvider.INSTANCE;
        KeyPairGenerator generator = corretto.getLoadingError() == null
                ? KeyPairGenerator.getInstance("RSA", corretto)
                : KeyPairGenerator.getInstance("RSA");
        generator.initialize(RSA_BITS);
        return generator.generateKeyPair();
    }
}
