package io.cloister.attestation.release;

import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.util.Optional;

/**
 * Everything that decides a launch digest.
 *
 * @param kernel what the host boots directly, if it does; the firmware must have room for the hashes
 * @param vcpus 1 to {@link #MAX_VCPUS}
 * @param signature of the processors; only QEMU puts it into what is measured
 * @param features SEV_FEATURES: {@link #FEATURES_SNP} or {@link #FEATURES_SNP_DEBUG_SWAP} on Linux hosts
 */
public record Launch(
        Ovmf ovmf, Optional<KernelHashes> kernel, int vcpus, VcpuSignature signature, Vmm vmm, long features) {
    public static final int MAX_VCPUS = 4096;

    /** SEV-SNP alone: Linux hosts since 6.8 and before 6.6. */
    public static final long FEATURES_SNP = 0x1;

    /** With debug registers swapped: Linux hosts 6.6 and 6.7, and those that are set so. */
    public static final long FEATURES_SNP_DEBUG_SWAP = 0x21;

    /**
     * @throws CodecException OUT_OF_RANGE for values that no launch can have, UNKNOWN for a kernel beside a firmware
     *     that does not check it
     */
    public Launch {
        if (vcpus < 1 || vcpus > MAX_VCPUS) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a guest with " + vcpus + " processors");
        }
        if (vcpus > 1 && ovmf.resetAddress() == 0) {
            throw new CodecException(Reason.OUT_OF_RANGE, "the firmware starts no second processor");
        }
        if ((features & FEATURES_SNP) == 0) {
            throw new CodecException(Reason.OUT_OF_RANGE, "SEV_FEATURES without SEV-SNP");
        }
        if (kernel.isPresent()) {
            requireHashes(ovmf);
        }
    }

    private static void requireHashes(Ovmf ovmf) {
        OvmfSection section = ovmf.sections().stream()
                .filter(s -> s.kind() == OvmfSection.Kind.KERNEL_HASHES)
                .findFirst()
                .orElseThrow(() -> new CodecException(
                        Reason.UNKNOWN, "the firmware has no section for kernel hashes, so a kernel is not measured"));
        long table = ovmf.hashTable()
                .orElseThrow(() -> new CodecException(Reason.UNKNOWN, "the firmware has no table of kernel hashes"));
        if (table < section.address() || table >= section.address() + section.size()) {
            throw new CodecException(Reason.OUT_OF_RANGE, "the table of kernel hashes lies outside its section");
        }
    }
}
