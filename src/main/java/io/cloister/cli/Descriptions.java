package io.cloister.cli;

import io.cloister.attestation.AzureEvidence;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.GoogleEvidence;
import io.cloister.attestation.HardwareEvidence;
import io.cloister.attestation.SnpEvidence;
import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.Crl;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SnpCertificate;
import io.cloister.attestation.snp.Tcb;
import io.cloister.attestation.snp.TcbLayout;
import io.cloister.attestation.tpm.EventLog;
import io.cloister.attestation.tpm.HclReport;
import io.cloister.attestation.tpm.TpmHash;
import io.cloister.attestation.tpm.TpmQuote;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What stands in files of attestation, found out by their content, as names and values for people. */
final class Descriptions {
    private static final Bytes HCL = Bytes.utf8("HCLA");
    private static final Bytes TPM_GENERATED = Bytes.hex("ff544347");

    private Descriptions() {}

    /** @throws CodecException for what is none of the known kinds, or is one that cannot be read */
    static Map<String, String> of(Bytes content) {
        Map<String, String> shown = new LinkedHashMap<>();
        if (content.length() == AttestationReport.SIZE) {
            report(AttestationReport.parse(content), shown);
        } else if (content.startsWith(HCL)) {
            blob(HclReport.parse(content), shown);
        } else if (content.startsWith(TPM_GENERATED)) {
            quote(TpmQuote.parse(content), shown);
        } else {
            List<Function<Bytes, Map<String, String>>> readers = List.of(
                    Descriptions::certificate,
                    Descriptions::revocations,
                    Descriptions::eventLog,
                    Descriptions::evidence);
            return readers.stream()
                    .flatMap(reader -> attempt(reader, content).stream())
                    .findFirst()
                    .orElseThrow(() -> new CodecException(
                            Reason.UNKNOWN,
                            "no report, blob, quote, event log, certificate, revocation list or evidence"));
        }
        return shown;
    }

    private static Optional<Map<String, String>> attempt(Function<Bytes, Map<String, String>> reader, Bytes content) {
        try {
            return Optional.of(reader.apply(content));
        } catch (CodecException e) {
            return Optional.empty();
        }
    }

    private static void report(AttestationReport report, Map<String, String> shown) {
        shown.put("kind", "SEV-SNP report");
        shown.put("version", Integer.toString(report.version()));
        shown.put("processor", report.cpuid().map(Object::toString).orElse("not stated"));
        shown.put("signing-key", report.signingKey().map(Enum::name).orElse("none"));
        shown.put("measurement", report.measurement().toHex());
        shown.put("report-data", report.reportData().toHex());
        shown.put("host-data", report.hostData().toHex());
        shown.put("id-key-digest", report.idKeyDigest().toHex());
        shown.put(
                "author-key-digest",
                report.authorKeyEnabled() ? report.authorKeyDigest().toHex() : "none");
        shown.put("family-id", report.familyId().toHex());
        shown.put("image-id", report.imageId().toHex());
        shown.put("guest-svn", Long.toString(report.guestSvn()));
        shown.put("vmpl", Integer.toString(report.vmpl()));
        shown.put("policy", report.policy().toString());
        shown.put("platform-info", report.platformInfo().toString());
        shown.put("chip-id", report.chipId().toHex());
        shown.put("report-id", report.reportId().toHex());
        shown.put("firmware", report.currentFirmware());
        shown.put("committed-firmware", report.committedFirmware());
        TcbLayout layout = report.cpuid()
                .flatMap(cpuid -> ProductLine.ofCpuid(cpuid.family(), cpuid.model()))
                .map(ProductLine::tcbLayout)
                .orElse(TcbLayout.EARLY);
        shown.put("reported-tcb", tcb(layout, report.reportedTcb()));
        shown.put("committed-tcb", tcb(layout, report.committedTcb()));
        shown.put("current-tcb", tcb(layout, report.currentTcb()));
        shown.put("launch-tcb", tcb(layout, report.launchTcb()));
        shown.put("launch-mitigations", "0x" + Long.toHexString(report.launchMitigations()));
        shown.put("current-mitigations", "0x" + Long.toHexString(report.currentMitigations()));
    }

    /** Its bytes where they are not of the layout, as nothing is judged here. */
    private static String tcb(TcbLayout layout, Bytes eight) {
        try {
            return Tcb.decode(layout, eight).toString();
        } catch (CodecException e) {
            return eight.toHex();
        }
    }

    private static void blob(HclReport blob, Map<String, String> shown) {
        shown.put("blob", "Azure paravisor, header version " + blob.headerVersion());
        shown.put("blob.bound", Boolean.toString(blob.isBound()));
        shown.put(
                "blob.attestation-key", blob.claims().attestationKey().modulus().toHex());
        blob.claims().userData().ifPresent(data -> shown.put("blob.user-data", data.toHex()));
        blob.claims().secureBoot().ifPresent(on -> shown.put("blob.secure-boot", on.toString()));
        blob.claims().vmId().ifPresent(id -> shown.put("blob.vm-id", id));
        report(AttestationReport.parse(blob.hardwareReport()), shown);
    }

    private static void quote(TpmQuote quote, Map<String, String> shown) {
        shown.put("kind", "TPM quote");
        shown.put("extra-data", quote.extraData().toHex());
        shown.put("selections", quote.selections().toString());
        shown.put("pcr-digest", quote.pcrDigest().toHex());
        shown.put("firmware-version", Long.toHexString(quote.firmwareVersion()));
        shown.put("reset-count", Long.toString(quote.clock().resetCount()));
    }

    private static Map<String, String> certificate(Bytes der) {
        SnpCertificate certificate = SnpCertificate.parse(der);
        Map<String, String> shown = new LinkedHashMap<>();
        shown.put("kind", "certificate");
        shown.put("name", certificate.commonName());
        shown.put("valid", certificate.notBefore() + " to " + certificate.notAfter());
        shown.put("key-digest", certificate.keyDigest().toHex());
        certificate.productTitle().ifPresent(title -> leaf(certificate, title, shown));
        certificate.provider().ifPresent(provider -> shown.put("provider", provider));
        return shown;
    }

    private static void leaf(SnpCertificate certificate, String title, Map<String, String> shown) {
        shown.put("product", title);
        ProductLine.ofTitle(title).ifPresent(line -> {
            shown.put("tcb", certificate.tcb(line.tcbLayout()).toString());
            certificate.hardwareId(line.chipIdLength()).ifPresent(id -> shown.put("chip-id", id.toHex()));
        });
    }

    private static Map<String, String> revocations(Bytes der) {
        Crl list = Crl.parse(der);
        Map<String, String> shown = new LinkedHashMap<>();
        shown.put("kind", "revocation list");
        shown.put("this-update", list.thisUpdate().toString());
        shown.put("next-update", list.nextUpdate().toString());
        shown.put("revoked", Integer.toString(list.size()));
        return shown;
    }

    private static Map<String, String> eventLog(Bytes raw) {
        EventLog log = EventLog.parse(raw);
        Map<String, String> shown = new LinkedHashMap<>();
        shown.put("kind", "event log");
        shown.put("events", Integer.toString(log.events().size()));
        log.replay(TpmHash.SHA256).forEach((pcr, value) -> shown.put("sha256:" + pcr, value.toHex()));
        return shown;
    }

    private static Map<String, String> evidence(Bytes kept) {
        Evidence evidence = EvidenceFile.read(kept)
                .orElseThrow(() -> new CodecException(Reason.UNKNOWN, "no evidence in any of its forms"));
        Map<String, String> shown = new LinkedHashMap<>();
        shown.put("evidence", evidence.hardware().kind());
        shown.put("evidence.purpose", evidence.leaf().purpose().label());
        shown.put("evidence.chain-id", evidence.keys().chainId());
        shown.put("evidence.node-id", evidence.keys().nodeId().toHex());
        shown.put("evidence.boot-counter", Long.toString(evidence.keys().bootCounter()));
        shown.put("evidence.tls-spki", evidence.keys().tlsSpki().toHex());
        hardware(evidence.hardware(), shown);
        return shown;
    }

    private static void hardware(HardwareEvidence hardware, Map<String, String> shown) {
        switch (hardware) {
            case SnpEvidence snp -> report(AttestationReport.parse(snp.report()), shown);
            case AzureEvidence azure -> blob(HclReport.parse(azure.blob()), shown);
            case GoogleEvidence google -> report(AttestationReport.parse(google.report()), shown);
        }
    }
}
