package io.cloister.attestation.tpm;

/** A TPM that did not do what it was asked, by kind, so that a caller can tell what is worth another try. */
public abstract sealed class TpmException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private TpmException(String message) {
        super(message);
    }

    private TpmException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether the same request may succeed later without anybody doing anything. */
    public boolean worthRetrying() {
        return false;
    }

    /** There is no such device or socket, or it went away. */
    public static final class DeviceMissing extends TpmException {
        public DeviceMissing(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The device is there but not for this user. */
    public static final class AccessDenied extends TpmException {
        public AccessDenied(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Reading or writing failed; the transport is of no more use. */
    public static final class TransportFailed extends TpmException {
        public TransportFailed(String message) {
            super(message);
        }

        public TransportFailed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** No answer came in time; the transport is of no more use. */
    public static final class TimedOut extends TpmException {
        public TimedOut(String message) {
            super(message);
        }
    }

    /** The TPM answered with a response code. */
    public static final class Refused extends TpmException {
        private final ResponseCode code;

        Refused(String command, ResponseCode code) {
            super(command + " was refused: " + code);
            this.code = code;
        }

        public ResponseCode code() {
            return code;
        }

        public ResponseCode.Kind kind() {
            return code.kind();
        }

        @Override
        public boolean worthRetrying() {
            return kind() == ResponseCode.Kind.BUSY;
        }
    }

    /** The answer is not laid out as it must be. */
    public static final class MalformedAnswer extends TpmException {
        MalformedAnswer(String message) {
            super(message);
        }

        MalformedAnswer(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
