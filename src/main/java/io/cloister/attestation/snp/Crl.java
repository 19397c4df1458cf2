package io.cloister.attestation.snp;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A revocation list of AMD's hierarchy (RFC 5280 5): signed by the root, it lists serial numbers of what the root
 * issued. Parsing proves nothing; {@link #fault} tells whether the list counts at an instant. Immutable.
 *
 * <p>Serial 0 names no certificate: every leaf of AMD's has it.
 */
public final class Crl {
    /** Bytes that are looked at, at most. */
    public static final int MAX_SIZE = 256 << 10;

    private final X509CRL list;
    private final Set<BigInteger> serials;
    private final Instant nextUpdate;
    private final Bytes encoded;

    private Crl(X509CRL list, Set<BigInteger> serials, Instant nextUpdate, Bytes encoded) {
        this.list = list;
        this.serials = serials;
        this.nextUpdate = nextUpdate;
        this.encoded = encoded;
    }

    /**
     * Reads one DER list.
     *
     * @throws CodecException TOO_LONG, BAD_TEXT (no list, or one that says nothing of its end), TRAILING (something
     *     behind it), UNKNOWN (a critical extension: indirect, partial and delta lists have one)
     */
    public static Crl parse(Bytes der) {
        if (der.length() > MAX_SIZE) {
            throw new CodecException(Reason.TOO_LONG, "a revocation list of " + der.length() + " bytes");
        }
        try {
            X509CRL list = (X509CRL)
                    CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der.toArray()));
            if (!Bytes.wrap(list.getEncoded()).equals(der)) {
                throw new CodecException(Reason.TRAILING, "more than one DER revocation list");
            }
            if (list.getNextUpdate() == null) {
                throw new CodecException(Reason.BAD_TEXT, "the revocation list states no end");
            }
            return new Crl(list, serials(list), list.getNextUpdate().toInstant(), der);
        } catch (CodecException e) {
            throw e;
        } catch (CRLException | CertificateException | RuntimeException e) { // hostile bytes bring all of them
            throw new CodecException(Reason.BAD_TEXT, "not a revocation list: " + e.getMessage(), e);
        }
    }

    private static Set<BigInteger> serials(X509CRL list) {
        requireNoneCritical(list.getCriticalExtensionOIDs());
        Set<BigInteger> serials = new HashSet<>();
        Collection<? extends X509CRLEntry> entries = list.getRevokedCertificates();
        for (X509CRLEntry entry : entries == null ? List.<X509CRLEntry>of() : entries) {
            requireNoneCritical(entry.getCriticalExtensionOIDs());
            serials.add(entry.getSerialNumber());
        }
        return Set.copyOf(serials);
    }

    private static void requireNoneCritical(@Nullable Set<String> oids) {
        if (oids != null && !oids.isEmpty()) {
            throw new CodecException(
                    Reason.UNKNOWN, "the revocation list has a critical extension that is not known: " + oids);
        }
    }

    /** The DER bytes. */
    public Bytes encode() {
        return encoded;
    }

    public Instant thisUpdate() {
        return list.getThisUpdate().toInstant();
    }

    /** Until when the list counts. */
    public Instant nextUpdate() {
        return nextUpdate;
    }

    /** How many certificates it lists. */
    public int size() {
        return serials.size();
    }

    /**
     * Why this list says nothing at {@code at} about what {@code root} issued; empty when it counts. Whether the root
     * itself is trusted is another question.
     */
    public Optional<String> fault(SnpCertificate root, SignatureProvider signatures, Instant at) {
        if (at.isBefore(thisUpdate())) {
            return Optional.of("the revocation list is not valid before " + thisUpdate());
        }
        if (at.isAfter(nextUpdate)) {
            return Optional.of("the revocation list is not valid after " + nextUpdate);
        }
        return forgery(root, signatures);
    }

    /** Why this is no list of {@code root}'s, whatever its time; empty when the root signed it. */
    public Optional<String> forgery(SnpCertificate root, SignatureProvider signatures) {
        if (!root.isSubject(list.getIssuerX500Principal())) {
            return Optional.of("the revocation list names another issuer");
        }
        if (!AmdSignatureAlgorithm.matches(list.getSigAlgOID(), list.getSigAlgParams())) {
            return Optional.of("the revocation list is not signed with RSASSA-PSS and SHA-384");
        }
        if (!root.maySignRevocations()) {
            return Optional.of("the root may not sign revocation lists");
        }
        return signatures.verifyPss(root.keyInfo(), signedBytes(), Bytes.wrap(list.getSignature()))
                ? Optional.empty()
                : Optional.of("the revocation list's signature does not verify");
    }

    /** Whether the list has this certificate's serial number, 0 left aside. */
    public boolean revokes(SnpCertificate certificate) {
        BigInteger serial = certificate.serial();
        return serial.signum() != 0 && serials.contains(serial);
    }

    private Bytes signedBytes() {
        try {
            return Bytes.wrap(list.getTBSCertList());
        } catch (CRLException e) {
            throw new CodecException(Reason.BAD_TEXT, "the revocation list has no signed part", e);
        }
    }
}
