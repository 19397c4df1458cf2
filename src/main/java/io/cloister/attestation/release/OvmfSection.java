package io.cloister.attestation.release;

/**
 * Guest memory that the firmware image asks the host to prepare before launch.
 *
 * @param address guest physical address, page aligned, below 4 GiB
 * @param size bytes, whole pages
 */
public record OvmfSection(Kind kind, long address, long size) {
    /** Kinds of sections with their numbers in the image (edk2, OvmfSevMetadata.asm). */
    public enum Kind {
        MEMORY(1),
        SECRETS(2),
        CPUID(3),
        CALLING_AREA(4),
        KERNEL_HASHES(0x10);

        final int code;

        Kind(int code) {
            this.code = code;
        }
    }
}
