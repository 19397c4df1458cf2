package io.cloister.attestation.platform;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.kds.ChipKey;
import io.cloister.attestation.kds.CollateralSource;
import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.CertificateTable;
import io.cloister.attestation.snp.CertificateTable.Kind;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.util.Optional;

/** Puts a report's certificates together: from the host's table, else from the operator's folder. */
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
                    .or(() -> chipKey(parsed).flatMap(fallback::find))
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

    private static Optional<ChipKey> chipKey(AttestationReport report) {
        Optional<ProductLine> line =
                report.cpuid().flatMap(cpuid -> ProductLine.ofCpuid(cpuid.family(), cpuid.model()));
        return line.map(known -> new ChipKey(
                known,
                report.chipId().slice(0, known.chipIdLength()),
                Tcb.decode(known.tcbLayout(), report.reportedTcb())));
    }
}
