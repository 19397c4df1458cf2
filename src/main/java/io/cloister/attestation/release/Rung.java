package io.cloister.attestation.release;

import java.util.List;

/** The two ways in which a running guest can prove which signed release it is. */
public enum Rung {
    /** The firmware compared launch digest and policy with an ID block that the release's key signed. */
    HARDWARE_ID_BLOCK(
            "hardware-id-block",
            "the processor refused to launch anything but this release, whose launch its author key signed;"
                    + " the guest's security version is in the report",
            "nothing about what the guest loaded after launch, except as far as the measured image checks it",
            List.of("release.launch-digest", "release.launch-key", "release.guest-svn")),
    /** The cloud's firmware measured the release's boot into a virtual TPM. */
    MEASURED_BOOT(
            "measured-boot",
            "the processor measured the cloud's known firmware, and that firmware's TPM quotes the release's boot",
            "the cloud owns firmware and TPM: its word stands between the processor and the release, the ID block is"
                    + " not the release's, and the hardware holds no security version of it",
            List.of("release.cloud-firmware", "release.vmpl", "release.pcrs"));

    private final String label;
    private final String proves;
    private final String leavesOpen;
    private final List<String> checks;

    Rung(String label, String proves, String leavesOpen, List<String> checks) {
        this.label = label;
        this.proves = proves;
        this.leavesOpen = leavesOpen;
        this.checks = checks;
    }

    /** The stable name. */
    public String label() {
        return label;
    }

    /** What follows when all checks of this rung pass, for people. */
    public String proves() {
        return proves;
    }

    /** What does not follow, for people. */
    public String leavesOpen() {
        return leavesOpen;
    }

    /** The names of its own checks. */
    List<String> checks() {
        return checks;
    }
}
