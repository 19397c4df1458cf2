package io.cloister.attestation;

import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.Tcb;
import io.cloister.attestation.snp.VerifiedReport;
import io.cloister.attestation.tpm.VerifiedQuote;
import java.util.Map;

/** What evidence says, by stable names. */
final class Claims {
    private Claims() {}

    static void keys(Evidence evidence, Map<String, String> claims) {
        claims.put("keys.chain-id", evidence.keys().chainId());
        claims.put("keys.node-id", evidence.keys().nodeId().toHex());
        claims.put("keys.boot-counter", Long.toString(evidence.keys().bootCounter()));
        claims.put("leaf.purpose", evidence.leaf().purpose().label());
    }

    static void report(VerifiedReport verified, Map<String, String> claims) {
        AttestationReport report = verified.report();
        claims.put("report.version", Integer.toString(report.version()));
        claims.put("report.measurement", report.measurement().toHex());
        claims.put("report.policy", report.policy().toString());
        claims.put("report.platform-info", report.platformInfo().toString());
        claims.put("report.vmpl", Integer.toString(report.vmpl()));
        claims.put("report.guest-svn", Long.toString(report.guestSvn()));
        claims.put("report.family-id", report.familyId().toHex());
        claims.put("report.image-id", report.imageId().toHex());
        claims.put("report.data", report.reportData().toHex());
        claims.put("report.reported-tcb", verified.reportedTcb().toString());
        claims.put(
                "report.launch-tcb",
                Tcb.decode(verified.line().tcbLayout(), report.launchTcb()).toString());
        claims.put("report.chip-id", verified.chipId().toHex());
        claims.put("report.host-data", report.hostData().toHex());
        claims.put("report.id-key-digest", report.idKeyDigest().toHex());
        claims.put("report.author-key-digest", report.authorKeyDigest().toHex());
        claims.put("report.firmware", report.currentFirmware());
        claims.put("root.product-line", verified.line().title());
        claims.put("root.key-digest", verified.rootDigest().toHex());
        claims.put("root.simulated", Boolean.toString(verified.simulated()));
        claims.put("signer", verified.signer().name());
        verified.provider().ifPresent(provider -> claims.put("signer.provider", provider));
        report.cpuid().ifPresent(cpuid -> claims.put("report.processor", cpuid.toString()));
    }

    static void quote(VerifiedQuote verified, Map<String, String> claims) {
        claims.put("quote.extra-data", verified.quote().extraData().toHex());
        claims.put("quote.pcrs", verified.pcrs().selection().toString());
        claims.put("quote.pcr-digest", verified.pcrs().digest().toHex());
        claims.put("quote.reset-count", Long.toString(verified.quote().clock().resetCount()));
        verified.claims().ifPresent(runtime -> {
            runtime.userData().ifPresent(data -> claims.put("runtime.user-data", data.toHex()));
            runtime.secureBoot().ifPresent(on -> claims.put("runtime.secure-boot", on.toString()));
            runtime.vmId().ifPresent(id -> claims.put("runtime.vm-id", id));
        });
    }
}
