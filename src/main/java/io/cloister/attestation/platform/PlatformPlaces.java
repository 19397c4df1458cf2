package io.cloister.attestation.platform;

import java.nio.file.Path;

/**
 * Where a machine's platform shows.
 *
 * @param device the SEV guest device
 * @param tsm the tree of configfs-tsm
 * @param tpm a TPM's character device or unix socket
 * @param dmi the folder with what the firmware says of the machine
 */
public record PlatformPlaces(Path device, Path tsm, Path tpm, Path dmi) {
    /** Where Linux puts them. */
    public static final PlatformPlaces LINUX = new PlatformPlaces(
            Path.of("/dev/sev-guest"),
            Path.of("/sys/kernel/config/tsm/report"),
            TpmDevice.DEFAULT_PATH,
            Path.of("/sys/class/dmi/id"));
}
