package io.cloister.attestation.snp;

/**
 * The POLICY that a guest was launched under (AMD 56860, guest policy). The firmware enforces it for the life of the
 * guest.
 *
 * @param bits the 64 bits as the report has them
 */
public record GuestPolicy(long bits) {
    private static final int RESERVED_ONE = 17;
    private static final long DEFINED = (1L << 26) - 1;

    /** Least minor version of the firmware's interface. */
    public int abiMinor() {
        return (int) bits & 0xff;
    }

    /** Least major version of the firmware's interface. */
    public int abiMajor() {
        return (int) (bits >> 8) & 0xff;
    }

    public boolean smtAllowed() {
        return bit(16);
    }

    public boolean migrationAgentAllowed() {
        return bit(18);
    }

    /** The host may read and write the guest's memory. */
    public boolean debugAllowed() {
        return bit(19);
    }

    public boolean singleSocketRequired() {
        return bit(20);
    }

    public boolean cxlAllowed() {
        return bit(21);
    }

    public boolean aes256XtsRequired() {
        return bit(22);
    }

    public boolean raplDisabled() {
        return bit(23);
    }

    public boolean ciphertextHidingRequired() {
        return bit(24);
    }

    public boolean pageSwapDisabled() {
        return bit(25);
    }

    /** Bit 17 is one and bits 26 to 63 are zero. */
    public boolean wellFormed() {
        return bit(RESERVED_ONE) && (bits & ~DEFINED) == 0;
    }

    private boolean bit(int position) {
        return (bits >>> position & 1) != 0;
    }

    @Override
    public String toString() {
        return "0x" + Long.toHexString(bits);
    }
}
