package io.cloister.attestation.platform;

import java.util.Locale;

/**
 * What the guest driver's errno and exit information mean. EXIT_INFO_2: the low half is a firmware error, the high
 * half a VMM error; 0xff stands where no request reached the firmware (Linux {@code sev-guest.c}).
 */
final class DriverErrors {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int ENXIO = 6;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int EACCES = 13;
    static final int ENODEV = 19;
    static final int EINVAL = 22;
    static final int ENOTTY = 25;
    static final int EBADMSG = 74;
    static final int ENOTCONN = 107;
    static final int ETIMEDOUT = 110;

    private static final int VMM_INVALID_LEN = 1;
    private static final int VMM_BUSY = 2;
    private static final int PRESET = 0xff;

    private DriverErrors() {}

    /**
     * The exception for a failed request.
     *
     * @param what the request, for the message
     * @param needed certificate length that the driver wrote back, 0 when it did not
     */
    static PlatformException of(String what, int errno, long exitInfo, int needed) {
        String message = "%s failed with errno %d, exit information 0x%x"
                .formatted(what, errno, exitInfo)
                .toLowerCase(Locale.ROOT);
        return switch (errno) {
            case ENOENT, ENODEV, ENXIO, ENOTCONN -> new PlatformException.DeviceMissing(message);
            case EPERM, EACCES -> new PlatformException.AccessDenied(message);
            case EINVAL -> new PlatformException.InvalidRequest(message);
            case ENOTTY ->
                new PlatformException.KeyWiped(
                        message + ": the driver has wiped its key to the firmware, the guest must be restarted");
            case ETIMEDOUT -> new PlatformException.TimedOut(message);
            case EAGAIN -> new PlatformException.HostBusy(message);
            case EBADMSG -> new PlatformException.MessageCorrupted(message);
            case EINTR -> new PlatformException.Interrupted(message);
            case ENOMEM -> new PlatformException.OutOfMemory(message);
            case EIO -> ofExitInfo(message, exitInfo, needed);
            default -> new PlatformException.DeviceFailure(message);
        };
    }

    private static PlatformException ofExitInfo(String message, long exitInfo, int needed) {
        int vmm = (int) (exitInfo >>> 32);
        int firmware = (int) exitInfo;
        if (vmm == VMM_INVALID_LEN) {
            return new PlatformException.BufferTooSmall(message, needed);
        }
        if (vmm == VMM_BUSY) {
            return new PlatformException.HostBusy(message);
        }
        if (vmm != 0) {
            return new PlatformException.HostError(message, vmm);
        }
        return firmware == 0 || firmware == PRESET
                ? new PlatformException.DeviceFailure(message)
                : new PlatformException.FirmwareError(message, new FirmwareStatus(firmware));
    }
}
