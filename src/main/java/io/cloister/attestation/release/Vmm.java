package io.cloister.attestation.release;

import java.util.Arrays;
import java.util.Optional;

/** Virtual machine monitors that launch SEV-SNP guests; each gives processors another first state. */
public enum Vmm {
    QEMU("qemu"),
    /** Amazon EC2 since 2026. */
    EC2("ec2"),
    /** Amazon EC2 until it set RDX of processors in 2026. */
    EC2_BEFORE_2026("ec2-before-2026"),
    /** Google Compute Engine. */
    GCE("gce");

    private final String label;

    Vmm(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /** The monitor with this label. */
    public static Optional<Vmm> ofLabel(String label) {
        return Arrays.stream(values()).filter(vmm -> vmm.label.equals(label)).findFirst();
    }

    boolean isEc2() {
        return this == EC2 || this == EC2_BEFORE_2026;
    }
}
