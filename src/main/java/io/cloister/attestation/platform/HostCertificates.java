package io.cloister.attestation.platform;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.kds.ChipKey;
import io.cloister.attestation.kds.CollateralSource;
import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.CertificateTable;
import io.cloister.attestation.snp.CertificateTable.Kind;
import io.cloister.attestation.snp.Crl;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.attestation.snp.SnpCertificate;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.time.Instant;
import java.util.Optional;

/** Puts a report's certificates together: from the host's table, else from another source; and the revocation list. */
final class HostCertificates {
    private HostCertificates() {}

    /**
     * The certificates behind a report.
     *
     * @param table the host's table, possibly empty
     * @throws PlatformException MalformedAnswer, CollateralMissing
     */
    static Collateral of(Bytes report, Bytes table, CollateralSource fallback) {
        try {
            AttestationReport parsed = AttestationReport.parse(report);
            CertificateTable certificates = CertificateTable.parse(table);
            return fromTable(certificates, parsed)
                    .or(() -> ChipKey.of(parsed).stream()
                            .flatMap(key -> fallback.find(key).stream())
                            .findFirst())
                    .map(chain -> revocations(chain, fallback).map(chain::with).orElse(chain))
                    .orElseThrow(() -> new PlatformException.CollateralMissing("the host's table has "
                            + certificates.certificates().keySet()
                            + " and no other source has this chip's certificates"));
        } catch (CodecException e) {
            throw new PlatformException.MalformedAnswer("report or certificate table: " + e.getMessage(), e);
        }
    }

    /** The host puts the issuer of its leaf under the ASK entry, also when that is the ASVK. */
    private static Optional<Collateral> fromTable(CertificateTable table, AttestationReport report) {
        Kind leafKind = report.signingKey().filter(SigningKeyKind.VLEK::equals).isPresent() ? Kind.VLEK : Kind.VCEK;
        return table.get(leafKind)
                .flatMap(leaf -> table.get(Kind.ASK)
                        .flatMap(intermediate ->
                                table.get(Kind.ARK).map(root -> new Collateral(leaf, intermediate, root))));
    }

    /** A list that is at hand and counts now; one that does not would only have the evidence refused. */
    private static Optional<Bytes> revocations(Collateral chain, CollateralSource source) {
        try {
            SnpCertificate leaf = SnpCertificate.parse(chain.vek());
            SigningKeyKind kind = leaf.provider().isPresent() ? SigningKeyKind.VLEK : SigningKeyKind.VCEK;
            return leaf.productTitle()
                    .flatMap(ProductLine::ofTitle)
                    .flatMap(line -> source.revocations(line, kind))
                    .filter(list -> list.length() <= Collateral.MAX_REVOCATIONS)
                    .filter(HostCertificates::counts);
        } catch (CodecException e) {
            return Optional.empty(); // whether the leaf is one is for a verifier to say
        }
    }

    private static boolean counts(Bytes list) {
        try {
            Crl parsed = Crl.parse(list);
            Instant now = Instant.now();
            return !now.isBefore(parsed.thisUpdate()) && !now.isAfter(parsed.nextUpdate());
        } catch (CodecException e) {
            return false;
        }
    }
}
