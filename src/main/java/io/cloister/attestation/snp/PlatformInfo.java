package io.cloister.attestation.snp;

/**
 * PLATFORM_INFO: how the host machine is configured (AMD 56860). Bits 0 to 7 are in use; the meaning of bit 6 is that
 * of other verifiers, AMD has not published it.
 *
 * @param bits the 64 bits as the report has them
 */
public record PlatformInfo(long bits) {
    public boolean smtEnabled() {
        return bit(0);
    }

    public boolean transparentEncryption() {
        return bit(1);
    }

    public boolean eccMemory() {
        return bit(2);
    }

    public boolean raplDisabled() {
        return bit(3);
    }

    /** The host cannot read the ciphertext of guest memory. */
    public boolean ciphertextHiding() {
        return bit(4);
    }

    /** Memory was checked for aliases since the last reset (AMD-SB-3015, BadRAM). */
    public boolean aliasCheckComplete() {
        return bit(5);
    }

    /** The IOMMU cannot write to guests' memory (AMD-SB-3016). */
    public boolean iommuWriteSafe() {
        return bit(6);
    }

    public boolean trustedIo() {
        return bit(7);
    }

    boolean wellFormed() {
        return bits >>> 8 == 0;
    }

    private boolean bit(int position) {
        return (bits >>> position & 1) != 0;
    }

    @Override
    public String toString() {
        return "0x" + Long.toHexString(bits);
    }
}
