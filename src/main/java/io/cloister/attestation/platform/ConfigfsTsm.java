package io.cloister.attestation.platform;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.kds.CollateralSource;
import io.cloister.attestation.snp.CertificateTable;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.SecretBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reports through configfs-tsm (Linux 6.7 and later, Documentation/ABI/testing/configfs-tsm), for guests whose device
 * file is not open to this user. Each report has a folder of its own, so that nobody's request mixes with ours. The
 * interface gives no derived keys.
 */
public final class ConfigfsTsm implements Platform {
    static final String PROVIDER = "sev_guest";
    private static final AtomicLong ENTRIES = new AtomicLong();

    private final Path root;
    private final LastReport last;
    private final ReentrantLock lock = new ReentrantLock();

    private ConfigfsTsm(Path root, CollateralSource fallback) {
        this.root = root;
        this.last = new LastReport(fallback);
    }

    /**
     * Opens a tree.
     *
     * @throws PlatformException DeviceMissing when there is no such folder
     */
    public static ConfigfsTsm open(Path root, CollateralSource fallback) {
        if (!Files.isDirectory(root)) {
            throw new PlatformException.DeviceMissing(root + " is not there");
        }
        return new ConfigfsTsm(root, fallback);
    }

    @Override
    public String name() {
        return root.toString();
    }

    /**
     * Who serves the tree, such as {@code sev_guest} or {@code tdx_guest}.
     *
     * @throws PlatformException by its kind when nobody does
     */
    String provider() {
        lock.lock();
        try {
            return within(entry -> text(entry, "provider"));
        } finally {
            lock.unlock();
        }
    }

    /** What is done in an entry of one's own. */
    private interface Work<T> {
        T in(Path entry) throws IOException;
    }

    @Override
    public Bytes report(Bytes reportData64) {
        if (reportData64.length() != 64) {
            throw new CodecException(Reason.OUT_OF_RANGE, "REPORT_DATA has 64 bytes, not " + reportData64.length());
        }
        lock.lock();
        try {
            return within(entry -> request(entry, reportData64));
        } finally {
            lock.unlock();
        }
    }

    private <T> T within(Work<T> work) {
        Path entry = root.resolve("cloister-" + ProcessHandle.current().pid() + "-" + ENTRIES.incrementAndGet());
        try {
            Files.createDirectory(entry);
            try {
                return work.in(entry);
            } finally {
                Files.delete(entry);
            }
        } catch (AccessDeniedException e) {
            throw new PlatformException.AccessDenied(root + " is not open to this user: " + e.getMessage());
        } catch (IOException e) {
            throw FileErrors.of("a report through " + root, e);
        }
    }

    private Bytes request(Path entry, Bytes reportData64) throws IOException {
        String provider = text(entry, "provider");
        if (!provider.equals(PROVIDER)) {
            throw new PlatformException.Unsupported("configfs-tsm is served by " + provider);
        }
        // What was written counts from close() on; a single write must carry it all.
        try (FileChannel inblob = FileChannel.open(entry.resolve("inblob"), StandardOpenOption.WRITE)) {
            inblob.write(ByteBuffer.wrap(reportData64.toArray()));
        }
        String generation = text(entry, "generation");
        Bytes report = read(entry, "outblob", GuestAnswers.REPORT_BUFFER);
        Bytes table = read(entry, "auxblob", CertificateTable.MAX_SIZE);
        if (!text(entry, "generation").equals(generation)) {
            throw new PlatformException.DeviceFailure("somebody else wrote to " + entry);
        }
        return last.keep(report, table);
    }

    private static String text(Path entry, String attribute) throws IOException {
        return read(entry, attribute, 256).asUtf8().strip();
    }

    private static Bytes read(Path entry, String attribute, int limit) throws IOException {
        try (var input = Files.newInputStream(entry.resolve(attribute))) {
            byte[] content = input.readNBytes(limit + 1);
            if (content.length > limit) {
                throw new PlatformException.MalformedAnswer(attribute + " has more than " + limit + " bytes");
            }
            return Bytes.wrap(content);
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
        throw new PlatformException.Unsupported("configfs-tsm gives no derived keys; the SEV guest device does");
    }

    @Override
    public void close() {
        // nothing is held between requests
    }
}
