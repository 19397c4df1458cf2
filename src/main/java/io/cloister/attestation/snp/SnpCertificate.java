package io.cloister.attestation.snp;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.Hashes;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.security.auth.x500.X500Principal;

/**
 * A certificate of AMD's hierarchy: root (ARK), intermediate (ASK, ASVK) or leaf (VCEK, VLEK), with the extensions
 * under AMD's arc that a leaf carries (AMD 57230 table 8). Parsing proves nothing; {@link SnpVerifier} checks
 * signatures.
 */
public final class SnpCertificate {
    /** Bytes that are looked at, at most. */
    public static final int MAX_SIZE = 8192;

    private static final String ARC = "1.3.6.1.4.1.3704.1.";
    private static final String OID_PRODUCT = ARC + "2";
    private static final String OID_BOOT_LOADER = ARC + "3.1";
    private static final String OID_TEE = ARC + "3.2";
    private static final String OID_SNP = ARC + "3.3";
    private static final String OID_MICROCODE = ARC + "3.8";
    private static final String OID_FMC = ARC + "3.9";
    private static final String OID_HARDWARE_ID = ARC + "4";
    private static final String OID_PROVIDER = ARC + "5";

    private static final Set<String> KNOWN_CRITICAL = Set.of("2.5.29.15", "2.5.29.19");
    private static final int KEY_CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;

    private final X509Certificate certificate;
    private final Bytes encoded;
    private final String commonName;
    private final Bytes keyInfo;

    private SnpCertificate(X509Certificate certificate, Bytes encoded) {
        this.certificate = certificate;
        this.encoded = encoded;
        this.commonName = commonName(certificate.getSubjectX500Principal());
        this.keyInfo = Bytes.wrap(certificate.getPublicKey().getEncoded());
    }

    /**
     * Reads one DER certificate.
     *
     * @throws CodecException TRUNCATED (nothing), TOO_LONG, BAD_TEXT (no certificate), TRAILING (something behind it)
     */
    public static SnpCertificate parse(Bytes der) {
        if (der.length() > MAX_SIZE) {
            throw new CodecException(Reason.TOO_LONG, "a certificate of " + der.length() + " bytes");
        }
        if (der.isEmpty()) {
            throw new CodecException(Reason.TRUNCATED, "a certificate is missing");
        }
        ByteArrayInputStream input = new ByteArrayInputStream(der.toArray());
        try {
            var parsed =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(input);
            if (!Bytes.wrap(parsed.getEncoded()).equals(der)) {
                throw new CodecException(Reason.TRAILING, "more than one DER certificate");
            }
            return new SnpCertificate(parsed, der);
        } catch (CodecException e) {
            throw e;
        } catch (CertificateException | RuntimeException e) { // the JDK's parser throws both on hostile bytes
            throw new CodecException(Reason.BAD_TEXT, "not a DER certificate of X.509", e);
        }
    }

    /** The DER bytes. */
    public Bytes encode() {
        return encoded;
    }

    /** The subject's common name, empty text when there is none. */
    public String commonName() {
        return commonName;
    }

    public Instant notBefore() {
        return certificate.getNotBefore().toInstant();
    }

    public Instant notAfter() {
        return certificate.getNotAfter().toInstant();
    }

    /** SHA-256 of the SubjectPublicKeyInfo: what roots are pinned by. */
    public Bytes keyDigest() {
        return Hashes.sha256(keyInfo());
    }

    Bytes keyInfo() {
        return keyInfo;
    }

    Bytes signedBytes() {
        try {
            return Bytes.wrap(certificate.getTBSCertificate());
        } catch (CertificateException e) {
            throw new CodecException(Reason.BAD_TEXT, "the certificate has no signed part", e);
        }
    }

    Bytes signature() {
        return Bytes.wrap(certificate.getSignature());
    }

    boolean namesAsIssuer(SnpCertificate issuer) {
        return certificate.getIssuerX500Principal().equals(issuer.certificate.getSubjectX500Principal());
    }

    /** Whether it may issue certificates: a CA, with the key usage for it where one is stated. */
    boolean isAuthority() {
        boolean[] usage = certificate.getKeyUsage();
        return certificate.getBasicConstraints() >= 0 && (usage == null || usage[KEY_CERT_SIGN]);
    }

    /** Whether it may sign revocation lists, where a key usage is stated. */
    boolean maySignRevocations() {
        boolean[] usage = certificate.getKeyUsage();
        return usage == null || usage[CRL_SIGN];
    }

    boolean isSubject(X500Principal name) {
        return certificate.getSubjectX500Principal().equals(name);
    }

    BigInteger serial() {
        return certificate.getSerialNumber();
    }

    /** Whether a critical extension is there that nobody here looks at. */
    boolean hasUnknownCriticalExtension() {
        Set<String> critical = certificate.getCriticalExtensionOIDs();
        return critical != null
                && critical.stream().anyMatch(oid -> !KNOWN_CRITICAL.contains(oid) && !oid.startsWith(ARC));
    }

    /** Whether it is signed as AMD signs: RSASSA-PSS, SHA-384, MGF1 with SHA-384, salt of 48 bytes. */
    boolean hasAmdSignatureAlgorithm() {
        return AmdSignatureAlgorithm.matches(certificate.getSigAlgOID(), certificate.getSigAlgParams());
    }

    /** The product's name as the leaf states it, such as {@code Milan-B0} or {@code Genoa}. */
    public Optional<String> productTitle() {
        return extension(OID_PRODUCT).flatMap(SnpCertificate::ia5);
    }

    /**
     * The TCB version that the leaf's key belongs to.
     *
     * @throws CodecException OUT_OF_RANGE when a component of the layout is missing or is no number from 0 to 255
     */
    public Tcb tcb(TcbLayout layout) {
        return new Tcb(
                layout,
                layout.hasFmc() ? component(OID_FMC) : 0,
                component(OID_BOOT_LOADER),
                component(OID_TEE),
                component(OID_SNP),
                component(OID_MICROCODE));
    }

    /** The chip's id of so many bytes: bare, or in an OCTET STRING as early certificates have it. Told by length. */
    public Optional<Bytes> hardwareId(int length) {
        return extension(OID_HARDWARE_ID).flatMap(value -> {
            if (value.length() == length) {
                return Optional.of(value);
            }
            boolean wrapped = value.length() == length + 2 && value.at(0) == 0x04 && value.at(1) == length;
            return wrapped ? Optional.of(value.slice(2, length)) : Optional.empty();
        });
    }

    /** The cloud provider of a VLEK. */
    public Optional<String> provider() {
        return extension(OID_PROVIDER).flatMap(SnpCertificate::ia5);
    }

    boolean hasFmcExtension() {
        return extension(OID_FMC).isPresent();
    }

    /** A DER INTEGER from 0 to 255, in one byte or in two with a leading zero. */
    private int component(String oid) {
        Bytes value = extension(oid).orElse(Bytes.EMPTY);
        boolean small = value.length() == 3 && value.at(0) == 0x02 && value.at(1) == 1 && value.at(2) >= 0;
        boolean large =
                value.length() == 4 && value.at(0) == 0x02 && value.at(1) == 2 && value.at(2) == 0 && value.at(3) < 0;
        if (!small && !large) {
            throw new CodecException(Reason.OUT_OF_RANGE, "the leaf states no TCB component " + oid);
        }
        return value.at(value.length() - 1) & 0xff;
    }

    /** The content of an extension, without the OCTET STRING that X.509 puts around each. */
    private Optional<Bytes> extension(String oid) {
        byte[] value = certificate.getExtensionValue(oid);
        if (value == null || value.length < 2 || value[0] != 0x04 || value[1] < 0 || value.length != value[1] + 2) {
            return Optional.empty(); // AMD's are all shorter than 128 bytes
        }
        return Optional.of(Bytes.wrap(value).slice(2, value.length - 2));
    }

    private static Optional<String> ia5(Bytes value) {
        if (value.length() < 2 || value.at(0) != 0x16 || value.at(1) != value.length() - 2) {
            return Optional.empty();
        }
        return Optional.of(new String(value.slice(2, value.length() - 2).toArray(), StandardCharsets.US_ASCII));
    }

    private static String commonName(X500Principal name) {
        try {
            return new LdapName(name.getName(X500Principal.RFC2253))
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .map(rdn -> String.valueOf(rdn.getValue()))
                            .findFirst()
                            .orElse("");
        } catch (InvalidNameException e) {
            return "";
        }
    }
}
