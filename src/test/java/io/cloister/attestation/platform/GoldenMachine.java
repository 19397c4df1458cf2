package io.cloister.attestation.platform;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/** One chip of the golden vectors, whose key can be certified in more than one way. */
record GoldenMachine(ProductLine line, KeyPair key, Bytes chipId) {
    static final KeyPair ROOT = pair("RSA", 4096);
    static final KeyPair ISSUER = pair("RSA", 4096);
    private static final Duration ROOT_LIFETIME = Duration.ofDays(25 * 365);
    private static final Duration LEAF_LIFETIME = Duration.ofDays(7 * 365);

    static GoldenMachine of(ProductLine line, int fill) {
        return new GoldenMachine(line, pair("EC", 0), TestChips.filled(line.chipIdLength(), fill));
    }

    static KeyPair pair(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (bits > 0) {
                generator.initialize(bits);
            } else {
                generator.initialize(new ECGenParameterSpec("secp384r1"));
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** ARK, ASK (prefix {@code SEV-}) or ASVK (prefix {@code SEV-VLEK-}) of the line. */
    static Bytes authority(ProductLine line, String prefix) {
        KeyPair own = prefix.equals("ARK-") ? ROOT : ISSUER;
        int number = prefix.equals("ARK-") ? 0 : prefix.equals("SEV-") ? 1 : 0x101;
        return new CertificateTemplate(prefix + line.title(), TestChips.NOT_BEFORE, ROOT_LIFETIME)
                .authority(BigInteger.valueOf(line.ordinal() + 1L << 16 | number))
                .issue(own.getPublic(), "ARK-" + line.title(), ROOT.getPrivate());
    }

    /** A VCEK whose chip id stands as bare bytes. */
    Bytes vcek(Tcb tcb) {
        return leaf("SEV-VCEK", "SEV-", tcb, t -> t.hardwareId(chipId));
    }

    /** A VCEK whose chip id stands in an OCTET STRING, as early ones have it. */
    Bytes vcekWithWrappedId(Tcb tcb) {
        Bytes wrapped = Bytes.concat(Bytes.of((byte) 4, (byte) chipId.length()), chipId);
        return leaf("SEV-VCEK", "SEV-", tcb, t -> t.hardwareId(wrapped));
    }

    Bytes vlek(Tcb tcb) {
        return leaf("SEV-VLEK", "SEV-VLEK-", tcb, t -> t.provider("CN=cloud.example"));
    }

    private Bytes leaf(String name, String issuer, Tcb tcb, UnaryOperator<CertificateTemplate> id) {
        CertificateTemplate template = new CertificateTemplate(name, TestChips.NOT_BEFORE, LEAF_LIFETIME)
                .product(line)
                .tcb(tcb);
        return id.apply(template).issue(key.getPublic(), issuer + line.title(), ISSUER.getPrivate());
    }

    /** The chip with this leaf, ready to sign. */
    SimulatedChip with(Bytes leaf) {
        return new SimulatedChip(key.getPrivate(), new Collateral(leaf, leaf, leaf), SecretBytes.random(32));
    }

    static Bytes revocationList(ProductLine line, KeyPair signer, String from, String until, Bytes... revoked) {
        RevocationTemplate list =
                new RevocationTemplate("ARK-" + line.title(), Instant.parse(from)).until(Instant.parse(until));
        for (Bytes certificate : revoked) {
            list.revoke(certificate);
        }
        return list.sign(signer.getPrivate());
    }
}
