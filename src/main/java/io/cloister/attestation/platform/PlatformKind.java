package io.cloister.attestation.platform;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Where evidence comes from. */
public enum PlatformKind {
    /** The SEV guest device, real or simulated. */
    SEV_GUEST,
    /** The kernel's configfs-tsm. */
    CONFIGFS_TSM,
    /** A confidential guest of Azure: reports and quotes by the virtual TPM. */
    AZURE,
    /** A confidential guest of Google Cloud: reports by the guest device or configfs-tsm, quotes by the virtual TPM. */
    GCP,
    /** Reports made in this process under a test authority; never detected. */
    PURE_JAVA;

    /** As settings have it, such as {@code sev-guest}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<PlatformKind> ofLabel(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(label))
                .findFirst();
    }
}
