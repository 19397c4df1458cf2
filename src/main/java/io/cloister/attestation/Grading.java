package io.cloister.attestation;

import io.cloister.attestation.policy.Subject;
import io.cloister.attestation.snp.PlatformInfo;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.attestation.snp.VerifiedReport;
import java.util.ArrayList;
import java.util.List;

/**
 * The grade of a verified report on its two axes, with the reasons that lowered them as stable codes. Platform: A
 * needs the alias check, SMT off and ciphertext hiding; B the alias check; C is Genoa or Turin without it or behind
 * Azure's paravisor; Milan, simulated chains and a boot that only the cloud vouches for are D. Custody: cloud-operated
 * A, colocated B, owner-held or unknown C, simulated D.
 */
record Grading(Grade platform, Custody custody, List<String> reasons) {
    Grading {
        reasons = List.copyOf(reasons);
    }

    Grade grade() {
        return platform.worse(custody.best());
    }

    static Grading of(Subject subject, Policy policy) {
        VerifiedReport verified = subject.hardware();
        List<String> reasons = new ArrayList<>();
        if (verified.simulated()) {
            reasons.add("simulated-root");
            return new Grading(Grade.D, Custody.SIMULATED, reasons);
        }
        Grade platform = platform(verified, reasons).worse(boot(subject, reasons));
        return new Grading(platform, custody(verified, policy, reasons), reasons);
    }

    /** Where a TPM tells of the boot, more than the silicon must be believed. */
    private static Grade boot(Subject subject, List<String> reasons) {
        return switch (subject.kind()) {
            case AzureEvidence.KIND -> {
                reasons.add("paravisor");
                yield Grade.C;
            }
            case GoogleEvidence.KIND -> {
                reasons.add("cloud-vouched-boot");
                yield Grade.D;
            }
            default -> Grade.A;
        };
    }

    private static Grade platform(VerifiedReport verified, List<String> reasons) {
        PlatformInfo info = verified.report().platformInfo();
        Grade grade = Grade.A;
        if (info.smtEnabled()) {
            reasons.add("smt-enabled");
            grade = Grade.B;
        }
        if (!info.ciphertextHiding()) {
            reasons.add("no-ciphertext-hiding");
            grade = Grade.B;
        }
        if (!info.aliasCheckComplete()) {
            reasons.add("no-alias-check");
            grade = Grade.C;
        }
        if (verified.report().vmpl() > 0) {
            reasons.add("vmpl-" + verified.report().vmpl());
            grade = grade.worse(Grade.C);
        }
        if (verified.line() == ProductLine.MILAN) {
            reasons.add("milan");
            grade = Grade.D;
        }
        return grade;
    }

    private static Custody custody(VerifiedReport verified, Policy policy, List<String> reasons) {
        if (verified.signer() == SigningKeyKind.VLEK) {
            return Custody.CLOUD_OPERATED; // AMD gives such keys to cloud providers only
        }
        Custody known = policy.chips().custody().get(verified.chipId());
        if (known == null) {
            reasons.add("custody-unknown");
            return Custody.OWNER_HELD;
        }
        if (known != Custody.CLOUD_OPERATED) {
            reasons.add(known.label());
        }
        return known;
    }
}
