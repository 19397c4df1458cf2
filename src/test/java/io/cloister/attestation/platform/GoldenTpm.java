package io.cloister.attestation.platform;

import io.cloister.attestation.TestChips;
import io.cloister.attestation.tpm.HclReport;
import io.cloister.attestation.tpm.PcrSelection;
import io.cloister.attestation.tpm.PcrValues;
import io.cloister.attestation.tpm.RuntimeClaims;
import io.cloister.attestation.tpm.TpmHash;
import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The virtual TPM of the golden vectors: blobs, quotes and certificates written field by field. */
final class GoldenTpm {
    static final KeyPair KEY = GoldenMachine.pair("RSA", 2048);
    static final KeyPair OTHER_KEY = GoldenMachine.pair("RSA", 2048);
    private static final KeyPair CLOUD_ROOT = GoldenMachine.pair("RSA", 2048);
    private static final KeyPair CLOUD_ISSUER = GoldenMachine.pair("RSA", 2048);

    private GoldenTpm() {}

    /** Runtime claims as they are now, with user data. */
    static Bytes claims(Bytes userData) {
        return Bytes.utf8("{\"keys\":[" + key("[\"sign\"]")
                + "],\"vm-configuration\":{\"console-enabled\":true,\"secure-boot\":true,\"tpm-enabled\":true,"
                + "\"vmUniqueId\":\"00000000-0000-4000-8000-000000000000\"},\"user-data\":\""
                + Bytes.concat(userData, Bytes.zeros(64 - userData.length()))
                        .toHex()
                        .toUpperCase(Locale.ROOT)
                + "\"}");
    }

    /** Runtime claims as they were: a key for {@code encrypt}, no user data. */
    static Bytes oldClaims() {
        return Bytes.utf8("{\"keys\":[" + key("[\"encrypt\"]")
                + "],\"vm-configuration\":{\"secure-boot\":true,\"tpm-enabled\":true}}");
    }

    private static String key(String operations) {
        Bytes modulus = Bytes.wrap(((RSAPublicKey) KEY.getPublic()).getModulus().toByteArray());
        return "{\"kid\":\"HCLAkPub\",\"key_ops\":" + operations + ",\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\""
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(modulus.slice(1, modulus.length() - 1).toArray())
                + "\"}";
    }

    static Bytes reportData(Bytes claims) {
        return Bytes.concat(Hashes.sha256(claims), Bytes.zeros(32));
    }

    /** A blob padded with zeros as NV memory has it. */
    static Bytes blob(int header, Bytes report, Bytes claims, int size) {
        Bytes blob = new HclReport(
                        header, HclReport.ReportType.SNP, report, TpmHash.SHA256, claims, RuntimeClaims.parse(claims))
                .encode();
        return Bytes.concat(blob, Bytes.zeros(size - blob.length()));
    }

    /** All 24 registers: those of the log, each other filled with its number. */
    static PcrValues pcrs(SortedMap<Integer, Bytes> replayed) {
        SortedMap<Integer, Bytes> values = new TreeMap<>();
        for (int pcr = 0; pcr < PcrSelection.PCRS; pcr++) {
            values.put(pcr, replayed.getOrDefault(pcr, TestChips.filled(32, pcr)));
        }
        return new PcrValues(values);
    }

    /** TPMS_ATTEST over one selection of the SHA-256 bank. */
    static Bytes quote(Bytes nonce, int bitmap, Bytes digest) {
        Bytes signer = Bytes.concat(Bytes.hex("000b"), Hashes.sha256(Bytes.utf8("name of the key")));
        return new Writer()
                .u32(0xFF544347L)
                .u16(0x8018)
                .u16(signer.length())
                .fixed(signer)
                .u16(nonce.length())
                .fixed(nonce)
                .u64(123_456)
                .u32(3)
                .u32(1)
                .bool(true)
                .u64(0x2020_0312)
                .u32(1)
                .u16(0x000B)
                .u8(3)
                .u8(bitmap & 0xFF)
                .u8(bitmap >> 8 & 0xFF)
                .u8(bitmap >> 16)
                .u16(digest.length())
                .fixed(digest)
                .toBytes();
    }

    static Bytes sign(KeyPair key, Bytes quote) {
        try {
            Signature signer = Signature.getInstance("SHA256withRSA");
            signer.initSign(key.getPrivate());
            signer.update(quote.toArray());
            return Bytes.wrap(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static Bytes cloudRoot() {
        return certificate("EK/AK CA Root", CLOUD_ROOT, "EK/AK CA Root", CLOUD_ROOT, KeyUsage.keyCertSign);
    }

    static Bytes cloudIssuer() {
        return certificate("EK/AK CA", CLOUD_ISSUER, "EK/AK CA Root", CLOUD_ROOT, KeyUsage.keyCertSign);
    }

    static Bytes keyCertificate() {
        return certificate("instance", KEY, "EK/AK CA", CLOUD_ISSUER, KeyUsage.digitalSignature);
    }

    /** A certificate of an endorsement key: it may encipher, so it is none of an attestation key. */
    static Bytes endorsementCertificate() {
        return certificate("instance", KEY, "EK/AK CA", CLOUD_ISSUER, KeyUsage.keyEncipherment);
    }

    static Bytes cloudRootDigest() {
        return Hashes.sha256(Bytes.wrap(CLOUD_ROOT.getPublic().getEncoded()));
    }

    private static Bytes certificate(String subject, KeyPair key, String issuer, KeyPair signer, int usage) {
        Date from = Date.from(TestChips.NOT_BEFORE);
        Date until = Date.from(TestChips.NOT_BEFORE.plus(Duration.ofDays(30 * 365)));
        try {
            X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                    new X500Name("O=Cloister test authority,CN=" + issuer.replace("/", "\\/")),
                    BigInteger.valueOf(subject.length()),
                    from,
                    until,
                    new X500Name("O=Cloister test authority,CN=" + subject.replace("/", "\\/")),
                    SubjectPublicKeyInfo.getInstance(key.getPublic().getEncoded()));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(usage == KeyUsage.keyCertSign));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
            return Bytes.wrap(builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(signer.getPrivate()))
                    .getEncoded());
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }
}
