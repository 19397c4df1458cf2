package io.cloister.attestation.platform;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.kds.CollateralSource;
import io.cloister.attestation.snp.CertificateTable;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.SecretBytes;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The SEV guest device, {@code /dev/sev-guest} or a simulator's file, through the C library or, where that does not load,
 * through {@code java.lang.foreign}. Every report is an
 * extended one, so that the host's certificates always belong to it; one request to the slow firmware serves for
 * both.
 */
public final class SevGuestDevice implements Platform {
    private static final int VMPL = 0;
    private static final int CLOSED = -1;

    private final Path path;
    private final GuestDriver driver;
    private final LastReport last;
    private final ReentrantLock lock = new ReentrantLock();
    private int descriptor;
    private int tableSize;

    private SevGuestDevice(Path path, GuestDriver driver, int descriptor, CollateralSource fallback, int tableSize) {
        this.path = path;
        this.driver = driver;
        this.descriptor = descriptor;
        this.last = new LastReport(fallback);
        this.tableSize = tableSize;
    }

    /**
     * Opens a device.
     *
     * @param fallback where certificates come from that the host does not give
     * @throws PlatformException LibraryMissing, DeviceMissing, AccessDenied
     */
    public static SevGuestDevice open(Path path, CollateralSource fallback) {
        return open(path, GuestDriver.available(), fallback, CertificateTable.MAX_SIZE);
    }

    /** With room for a certificate table of this size at first; the driver asks for more where it must. */
    static SevGuestDevice open(Path path, GuestDriver driver, CollateralSource fallback, int tableSize) {
        int descriptor = driver.open(path.toString());
        if (descriptor < 0) {
            throw DriverErrors.of("opening " + path, -descriptor, 0, 0);
        }
        return new SevGuestDevice(path, driver, descriptor, fallback, tableSize);
    }

    @Override
    public String name() {
        return path + " through " + driver.name();
    }

    @Override
    public Bytes report(Bytes reportData64) {
        requireWhole(reportData64);
        lock.lock();
        try {
            try {
                return extendedReport(reportData64);
            } catch (PlatformException.BufferTooSmall e) {
                if (e.needed() <= tableSize || e.needed() > CertificateTable.MAX_SIZE) {
                    throw e;
                }
                tableSize = e.needed();
                return extendedReport(reportData64);
            }
        } finally {
            lock.unlock();
        }
    }

    private static void requireWhole(Bytes reportData64) {
        if (reportData64.length() != 64) {
            throw new CodecException(Reason.OUT_OF_RANGE, "REPORT_DATA has 64 bytes, not " + reportData64.length());
        }
    }

    private Bytes extendedReport(Bytes reportData64) {
        byte[] table = new byte[tableSize];
        byte[] response = new byte[GuestAnswers.REPORT_BUFFER];
        long[] exitInfo = new long[2];
        int errno = driver.extendedReport(open(), reportData64.toArray(), VMPL, table, response, exitInfo);
        if (errno != 0) {
            throw DriverErrors.of("SNP_GET_EXT_REPORT on " + path, errno, exitInfo[0], (int) exitInfo[1]);
        }
        Bytes report = GuestAnswers.report(response);
        return last.keep(report, Bytes.wrap(table));
    }

    /** A report without the host's certificates (SNP_GET_REPORT). */
    public Bytes plainReport(Bytes reportData64, int vmpl) {
        requireWhole(reportData64);
        lock.lock();
        try {
            byte[] response = new byte[GuestAnswers.REPORT_BUFFER];
            long[] exitInfo = new long[1];
            int errno = driver.report(open(), reportData64.toArray(), vmpl, response, exitInfo);
            if (errno != 0) {
                throw DriverErrors.of("SNP_GET_REPORT on " + path, errno, exitInfo[0], 0);
            }
            return GuestAnswers.report(response);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Collateral collateral() {
        lock.lock();
        try {
            return last.collateral(this::report);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public SecretBytes derivedKey(DerivedKeyRequest request) {
        lock.lock();
        try {
            byte[] response = new byte[GuestAnswers.KEY_BUFFER];
            long[] exitInfo = new long[1];
            int errno = driver.derivedKey(open(), request, response, exitInfo);
            if (errno != 0) {
                throw DriverErrors.of("SNP_GET_DERIVED_KEY on " + path, errno, exitInfo[0], 0);
            }
            return GuestAnswers.key(response);
        } finally {
            lock.unlock();
        }
    }

    private int open() {
        if (descriptor == CLOSED) {
            throw new PlatformException.DeviceMissing(path + " is closed");
        }
        return descriptor;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (descriptor != CLOSED) {
                driver.close(descriptor);
                descriptor = CLOSED;
            }
        } finally {
            lock.unlock();
        }
    }
}
