package io.cloister.attestation.platform;

import java.io.IOException;
import java.util.List;

/**
 * What a failed read or write of one of the driver's files means. The JDK hides the errno and gives its text, so the texts
 * of those errnos that mean something are compared.
 */
final class FileErrors {
    private static final List<Integer> TELLING = List.of(
            DriverErrors.ENOTTY,
            DriverErrors.ETIMEDOUT,
            DriverErrors.EBADMSG,
            DriverErrors.EINVAL,
            DriverErrors.EAGAIN,
            DriverErrors.EINTR,
            DriverErrors.ENOMEM,
            DriverErrors.ENXIO,
            DriverErrors.ENODEV);

    private FileErrors() {}

    static PlatformException of(String what, IOException failure) {
        String text = String.valueOf(failure.getMessage());
        SystemCalls system = SystemCalls.load();
        return TELLING.stream()
                .filter(errno -> text.endsWith(system.text(errno)))
                .findFirst()
                .map(errno -> DriverErrors.of(what, errno, 0, 0))
                .orElseGet(() -> new PlatformException.DeviceFailure(what + " failed: " + text, failure));
    }
}
