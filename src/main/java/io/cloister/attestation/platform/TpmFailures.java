package io.cloister.attestation.platform;

import io.cloister.attestation.tpm.TpmException;
import io.cloister.codec.CodecException;
import java.util.function.Supplier;

/** What a TPM's failure means for the platform that it belongs to. */
final class TpmFailures {
    private TpmFailures() {}

    /** @throws PlatformException by its kind, for any failure of the TPM or of what it gave */
    static <T> T translated(String what, Supplier<T> work) {
        try {
            return work.get();
        } catch (TpmException e) {
            throw of(what + ": " + e.getMessage(), e);
        } catch (CodecException e) {
            throw new PlatformException.MalformedAnswer(what + ": " + e.getMessage(), e);
        }
    }

    private static PlatformException of(String message, TpmException failure) {
        return switch (failure) {
            case TpmException.DeviceMissing e -> new PlatformException.DeviceMissing(message, e);
            case TpmException.AccessDenied e -> new PlatformException.AccessDenied(message, e);
            case TpmException.MalformedAnswer e -> new PlatformException.MalformedAnswer(message, e);
            case TpmException.TransportFailed e -> new PlatformException.DeviceFailure(message, e);
            case TpmException.TimedOut e -> new PlatformException.DeviceFailure(message, e);
            case TpmException.Refused e ->
                switch (e.kind()) {
                    case NO_SUCH_HANDLE, NV_NOT_WRITTEN -> new PlatformException.DeviceMissing(message, e);
                    case NOT_AUTHORISED, LOCKED_OUT, NV_LOCKED -> new PlatformException.AccessDenied(message, e);
                    case BUSY -> new PlatformException.HostBusy(message, e);
                    default -> new PlatformException.DeviceFailure(message, e);
                };
        };
    }
}
