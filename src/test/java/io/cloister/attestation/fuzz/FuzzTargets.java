package io.cloister.attestation.fuzz;

import io.cloister.attestation.Golden;
import io.cloister.attestation.Policy;
import io.cloister.attestation.ShippedPolicies;
import io.cloister.attestation.fuzz.FuzzTarget.Format;
import io.cloister.attestation.kds.CollateralFuzzTargets;
import io.cloister.attestation.release.ReleaseFuzzTargets;
import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.CertificateTable;
import io.cloister.attestation.snp.Crl;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SignatureProvider;
import io.cloister.attestation.snp.SnpCertificate;
import io.cloister.attestation.snp.TcbLayout;
import io.cloister.attestation.tpm.TpmFuzzTargets;
import io.cloister.codec.Bytes;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Everything in attestation that reads bytes of strangers. */
final class FuzzTargets {
    private FuzzTargets() {}

    static List<FuzzTarget> all() {
        return Stream.of(
                        decoders(),
                        TpmFuzzTargets.all(),
                        ReleaseFuzzTargets.all(),
                        CollateralFuzzTargets.all(),
                        VerificationTargets.all())
                .flatMap(List::stream)
                .toList();
    }

    private static List<FuzzTarget> decoders() {
        return List.of(
                FuzzTarget.of(
                        "report",
                        Format.BINARY,
                        FuzzTargets::report,
                        Golden.report("milan_v2_idkey"),
                        Golden.report("milan_v3_vlek"),
                        Golden.report("genoa_v4"),
                        Golden.report("turin_v5")),
                FuzzTarget.of(
                        "certificate",
                        Format.DER,
                        FuzzTargets::certificate,
                        Golden.certificate("milan_vlek"),
                        Golden.certificate("milan_wrapped_vcek"),
                        Golden.certificate("turin_vcek"),
                        Golden.certificate("genoa_ark")),
                FuzzTarget.of("certificate table", Format.BINARY, FuzzTargets::table, table()),
                FuzzTarget.of(
                                "revocation list",
                                Format.DER,
                                FuzzTargets::revocations,
                                Golden.read("crls/empty.crl"),
                                Golden.read("crls/issuer.crl"))
                        .with(Extremes.revocationList()),
                FuzzTarget.of(
                                "policy",
                                Format.JSON,
                                FuzzTargets::policy,
                                Stream.concat(
                                                Stream.of(ShippedPolicies.values())
                                                        .map(ShippedPolicies::document),
                                                Stream.of("own", "other-boot")
                                                        .map(name -> Golden.read("policies/" + name + ".json")))
                                        .toArray(Bytes[]::new))
                        .with(Extremes.policies()));
    }

    private static String report(Bytes input) {
        AttestationReport report = AttestationReport.parse(input);
        if (!report.encode().equals(input)) {
            throw new AssertionError("another report");
        }
        Objects.requireNonNull(report.policy().toString() + report.platformInfo() + report.cpuid() + report.toString());
        return FuzzTarget.READ;
    }

    private static String certificate(Bytes input) {
        SnpCertificate read = SnpCertificate.parse(input);
        Objects.requireNonNull(read.commonName());
        Objects.requireNonNull(read.keyDigest());
        Objects.requireNonNull(read.productTitle());
        Objects.requireNonNull(read.provider());
        Objects.requireNonNull(read.notBefore().toString() + read.notAfter());
        for (ProductLine line : ProductLine.values()) {
            Objects.requireNonNull(read.hardwareId(line.chipIdLength()));
        }
        if (read.productTitle().flatMap(ProductLine::ofTitle).isPresent()) {
            TcbLayout layout =
                    ProductLine.ofTitle(read.productTitle().get()).get().tcbLayout();
            Objects.requireNonNull(read.tcb(layout));
        }
        return FuzzTarget.READ;
    }

    private static Bytes table() {
        Map<CertificateTable.Kind, Bytes> named = new EnumMap<>(CertificateTable.Kind.class);
        named.put(CertificateTable.Kind.VCEK, Golden.certificate("turin_vcek"));
        named.put(CertificateTable.Kind.ASK, Golden.certificate("turin_ask"));
        named.put(CertificateTable.Kind.ARK, Golden.certificate("turin_ark"));
        return new CertificateTable(named).encode();
    }

    private static String table(Bytes input) {
        CertificateTable read = CertificateTable.parse(input);
        if (!CertificateTable.parse(read.encode()).equals(read)) {
            throw new AssertionError("another table");
        }
        return FuzzTarget.READ;
    }

    private static String revocations(Bytes input) {
        Crl list = Crl.parse(input);
        SnpCertificate root = SnpCertificate.parse(Golden.certificate("genoa_ark"));
        list.fault(root, SignatureProvider.best(), Golden.at());
        list.revokes(SnpCertificate.parse(Golden.certificate("genoa_ask")));
        return FuzzTarget.READ;
    }

    private static String policy(Bytes input) {
        Policy policy = Policy.parse(input);
        if (!Policy.parse(Bytes.utf8(policy.toJson())).digest().equals(policy.digest())) {
            throw new AssertionError("another policy");
        }
        return FuzzTarget.READ;
    }
}
