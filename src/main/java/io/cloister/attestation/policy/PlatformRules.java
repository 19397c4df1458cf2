package io.cloister.attestation.policy;

import io.cloister.attestation.snp.PlatformInfo;
import java.util.List;
import java.util.function.Predicate;

/**
 * How the host's machine may be set up (AMD 56860, PLATFORM_INFO).
 *
 * @param smt bit 0: SMT is on
 * @param transparentEncryption bit 1: all memory is encrypted (TSME)
 * @param eccMemory bit 2: memory has ECC
 * @param raplDisabled bit 3: power readings are off
 * @param ciphertextHiding bit 4: the host cannot read ciphertext
 * @param aliasCheck bit 5: memory was checked for aliases since the last reset (AMD-SB-3015)
 * @param iommuWriteSafe bit 6: the IOMMU writes no guest's memory (AMD-SB-3016), by the name that others gave it
 * @param trustedIo bit 7: SEV-TIO is on
 */
public record PlatformRules(
        Demand smt,
        Demand transparentEncryption,
        Demand eccMemory,
        Demand raplDisabled,
        Demand ciphertextHiding,
        Demand aliasCheck,
        Demand iommuWriteSafe,
        Demand trustedIo) {
    public List<Rule> rules() {
        return List.of(
                bit("platform-smt", smt, PlatformInfo::smtEnabled, "SMT is on", "SMT is off"),
                bit(
                        "platform-transparent-encryption",
                        transparentEncryption,
                        PlatformInfo::transparentEncryption,
                        "TSME is on",
                        "TSME is off"),
                bit("platform-ecc", eccMemory, PlatformInfo::eccMemory, "ECC memory", "no ECC memory"),
                bit(
                        "platform-rapl",
                        raplDisabled,
                        PlatformInfo::raplDisabled,
                        "power readings are off",
                        "power readings are on"),
                bit(
                        "platform-ciphertext-hiding",
                        ciphertextHiding,
                        PlatformInfo::ciphertextHiding,
                        "the host cannot read ciphertext",
                        "the host can read ciphertext"),
                bit(
                        "platform-alias-check",
                        aliasCheck,
                        PlatformInfo::aliasCheckComplete,
                        "memory was checked for aliases",
                        "memory was not checked for aliases"),
                bit(
                        "platform-iommu-write-safe",
                        iommuWriteSafe,
                        PlatformInfo::iommuWriteSafe,
                        "IOMMU writes are safe",
                        "IOMMU writes are not said to be safe"),
                bit("platform-trusted-io", trustedIo, PlatformInfo::trustedIo, "SEV-TIO is on", "SEV-TIO is off"));
    }

    private static Rule bit(String name, Demand demand, Predicate<PlatformInfo> test, String whenSet, String whenNot) {
        return new Rule(name, s -> demand.judge(test.test(s.report().platformInfo()), whenSet, whenNot));
    }
}
