package io.cloister.attestation.platform;

import java.util.function.Supplier;

/**
 * Calls of the SEV guest driver. Each answers 0 or an errno; what an errno and the driver's exit information mean is
 * decided by {@link DriverErrors}. Nothing is kept between calls.
 */
interface GuestDriver {
    /** How the calls are made, for people and logs. */
    String name();

    /** A file descriptor, or minus an errno. */
    int open(String path);

    int close(int descriptor);

    /** SNP_GET_REPORT: {@code exitInfo[0]} is EXIT_INFO_2. */
    int report(int descriptor, byte[] userData64, int vmpl, byte[] response4000, long[] exitInfo);

    /** SNP_GET_EXT_REPORT; {@code exitInfo[1]} is the length of the certificate table that the driver wants. */
    int extendedReport(
            int descriptor, byte[] userData64, int vmpl, byte[] certificates, byte[] response4000, long[] exitInfo);

    /** SNP_GET_DERIVED_KEY. */
    int derivedKey(int descriptor, DerivedKeyRequest request, byte[] response64, long[] exitInfo);

    /**
     * The C library, or the same calls through {@code java.lang.foreign} where it does not load.
     *
     * @throws PlatformException LibraryMissing where neither works
     */
    static GuestDriver available() {
        return available(NativeDriver::load);
    }

    /** The same with another way to the C library. */
    static GuestDriver available(Supplier<GuestDriver> library) {
        try {
            return library.get();
        } catch (PlatformException.LibraryMissing e) {
            System.getLogger(GuestDriver.class.getName())
                    .log(System.Logger.Level.INFO, "ioctls go through java.lang.foreign: {0}", e.getMessage());
            return ForeignDriver.load();
        }
    }
}
