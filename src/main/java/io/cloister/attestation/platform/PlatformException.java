package io.cloister.attestation.platform;

/** A platform that did not do what it was asked, by kind, so that a caller can tell what is worth another try. */
public abstract sealed class PlatformException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private PlatformException(String message) {
        super(message);
    }

    private PlatformException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether the same request may succeed later without anybody doing anything. */
    public boolean worthRetrying() {
        return false;
    }

    /** There is no such device, or it went away (ENOENT, ENODEV, ENXIO, ENOTCONN). */
    public static final class DeviceMissing extends PlatformException {
        DeviceMissing(String message) {
            super(message);
        }

        DeviceMissing(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The device is there but not for this user (EACCES, EPERM). */
    public static final class AccessDenied extends PlatformException {
        AccessDenied(String message) {
            super(message);
        }

        AccessDenied(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The driver found the request malformed (EINVAL). */
    public static final class InvalidRequest extends PlatformException {
        InvalidRequest(String message) {
            super(message);
        }
    }

    /**
     * ENOTTY: the driver has wiped its key to the firmware after an earlier error, and the device is dead until the
     * next boot. (A driver that does not know the request answers the same.)
     */
    public static final class KeyWiped extends PlatformException {
        KeyWiped(String message) {
            super(message);
        }
    }

    /** The host throttles (VMM error BUSY). */
    public static final class HostBusy extends PlatformException {
        HostBusy(String message) {
            super(message);
        }

        HostBusy(String message, Throwable cause) {
            super(message, cause);
        }

        @Override
        public boolean worthRetrying() {
            return true;
        }
    }

    /** The driver gave up waiting for a throttling host (ETIMEDOUT), which costs its key as well. */
    public static final class TimedOut extends PlatformException {
        TimedOut(String message) {
            super(message);
        }
    }

    /** The certificate table needs more room (EIO with VMM error INVALID_LEN). */
    public static final class BufferTooSmall extends PlatformException {
        private final int needed;

        BufferTooSmall(String message, int needed) {
            super(message);
            this.needed = needed;
        }

        /** Bytes that the table needs. */
        public int needed() {
            return needed;
        }

        @Override
        public boolean worthRetrying() {
            return true;
        }
    }

    /** The secure processor refused: a status in its answer, or EIO with a firmware error. */
    public static final class FirmwareError extends PlatformException {
        private final FirmwareStatus status;

        FirmwareError(String message, FirmwareStatus status) {
            super(message + ": " + status);
            this.status = status;
        }

        public FirmwareStatus status() {
            return status;
        }
    }

    /** The hypervisor reported an error that the driver has no name for. */
    public static final class HostError extends PlatformException {
        private final int code;

        HostError(String message, int code) {
            super(message);
            this.code = code;
        }

        /** The VMM error of EXIT_INFO_2. */
        public int code() {
            return code;
        }
    }

    /** The answer did not decrypt or was out of sequence (EBADMSG): somebody between guest and firmware meddled. */
    public static final class MessageCorrupted extends PlatformException {
        MessageCorrupted(String message) {
            super(message);
        }
    }

    /** A signal ended the request (EINTR). */
    public static final class Interrupted extends PlatformException {
        Interrupted(String message) {
            super(message);
        }

        @Override
        public boolean worthRetrying() {
            return true;
        }
    }

    /** The kernel or the library lacked memory (ENOMEM). */
    public static final class OutOfMemory extends PlatformException {
        OutOfMemory(String message) {
            super(message);
        }

        @Override
        public boolean worthRetrying() {
            return true;
        }
    }

    /** Any other errno, or a failure of the file system under configfs-tsm, or of the TPM. */
    public static final class DeviceFailure extends PlatformException {
        DeviceFailure(String message) {
            super(message);
        }

        DeviceFailure(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The answer is not laid out as it must be. */
    public static final class MalformedAnswer extends PlatformException {
        MalformedAnswer(String message) {
            super(message);
        }

        MalformedAnswer(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Neither the host's table nor the operator's folder has the certificates of this chip. */
    public static final class CollateralMissing extends PlatformException {
        CollateralMissing(String message) {
            super(message);
        }
    }

    /** The platform has no such function. */
    public static final class Unsupported extends PlatformException {
        Unsupported(String message) {
            super(message);
        }
    }

    /** The C library is not there or does not load. */
    public static final class LibraryMissing extends PlatformException {
        LibraryMissing(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
