package io.cloister.attestation.platform;

/**
 * A status of the SEV firmware.
 *
 * @param code the number, as in Linux {@code psp-sev.h}
 */
public record FirmwareStatus(int code) {
    public static final FirmwareStatus SUCCESS = new FirmwareStatus(0);
    public static final FirmwareStatus INVALID_PARAMETER = new FirmwareStatus(0x16);

    /** The name that AMD gives the code, or its number alone. */
    public String name() {
        return switch (code) {
            case 0x00 -> "SUCCESS";
            case 0x01 -> "INVALID_PLATFORM_STATE";
            case 0x02 -> "INVALID_GUEST_STATE";
            case 0x03 -> "INVALID_CONFIG";
            case 0x04 -> "INVALID_LEN";
            case 0x07 -> "POLICY_FAILURE";
            case 0x08 -> "INACTIVE";
            case 0x09 -> "INVALID_ADDRESS";
            case 0x0A -> "BAD_SIGNATURE";
            case 0x0B -> "BAD_MEASUREMENT";
            case 0x10 -> "INVALID_GUEST";
            case 0x11 -> "INVALID_COMMAND";
            case 0x12 -> "ACTIVE";
            case 0x13 -> "HWERROR_PLATFORM";
            case 0x14 -> "HWERROR_UNSAFE";
            case 0x15 -> "UNSUPPORTED";
            case 0x16 -> "INVALID_PARAM";
            case 0x17 -> "RESOURCE_LIMIT";
            case 0x18 -> "SECURE_DATA_INVALID";
            case 0x1D -> "AEAD_OFLOW";
            case 0x21 -> "BAD_SVN";
            case 0x22 -> "BAD_VERSION";
            case 0x23 -> "SHUTDOWN_REQUIRED";
            case 0x24 -> "UPDATE_FAILED";
            case 0x25 -> "RESTORE_REQUIRED";
            case 0x27 -> "INVALID_KEY";
            default -> "status 0x" + Integer.toHexString(code);
        };
    }

    @Override
    public String toString() {
        return name();
    }
}
