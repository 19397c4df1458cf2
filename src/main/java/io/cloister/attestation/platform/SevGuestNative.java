package io.cloister.attestation.platform;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The C library under {@code sev-snp/}: ioctls of the SEV guest driver. It is loaded once, from the file that the
 * system property {@code cloister.snp.library} names, else from the class path.
 */
final class SevGuestNative {
    static final String LIBRARY_PROPERTY = "cloister.snp.library";
    static final String LIBRARY_RESOURCE = "native/linux-x86_64/libcloistersnp.so";

    private static boolean loaded;

    private SevGuestNative() {}

    /** @throws PlatformException LibraryMissing */
    static synchronized void load() {
        if (loaded) {
            return;
        }
        String named = System.getProperty(LIBRARY_PROPERTY, "");
        try {
            if (named.isEmpty()) {
                loadResource();
            } else {
                System.load(Path.of(named).toAbsolutePath().toString());
            }
            loaded = true;
        } catch (IOException | UnsatisfiedLinkError e) {
            throw new PlatformException.LibraryMissing(
                    "the SEV guest library " + (named.isEmpty() ? LIBRARY_RESOURCE : named) + " does not load: "
                            + e.getMessage(),
                    e);
        }
    }

    /** The dynamic linker wants a file; it may go as soon as it is mapped. */
    private static void loadResource() throws IOException {
        try (InputStream library = SevGuestNative.class.getResourceAsStream("/" + LIBRARY_RESOURCE)) {
            if (library == null) {
                throw new IOException("it is not on the class path");
            }
            Path file = Files.createTempFile("libcloistersnp", ".so");
            try {
                Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
                System.load(file.toString());
            } finally {
                Files.delete(file);
            }
        }
    }

    /** A file descriptor, or minus an errno. */
    static native int open(String path);

    static native int close(int descriptor);

    /** SNP_GET_REPORT: 0 or an errno; {@code exitInfo[0]} is EXIT_INFO_2. */
    static native int report(int descriptor, byte[] userData64, int vmpl, byte[] response4000, long[] exitInfo);

    /** SNP_GET_EXT_REPORT; {@code exitInfo[1]} is the length of the certificate table that the driver wants. */
    static native int extendedReport(
            int descriptor, byte[] userData64, int vmpl, byte[] certificates, byte[] response4000, long[] exitInfo);

    /** SNP_GET_DERIVED_KEY. */
    static native int derivedKey(
            int descriptor,
            int rootKeySelect,
            long guestFieldSelect,
            int vmpl,
            int guestSvn,
            long tcbVersion,
            byte[] response64,
            long[] exitInfo);
}
