package io.cloister.attestation.platform;

import io.cloister.attestation.tpm.TpmException;
import io.cloister.attestation.tpm.TpmTransport;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A TPM's character device. The kernel wants a command in one write and gives its answer in one read; it waits for a
 * busy TPM itself. {@code /dev/tpmrm0} is the device with a resource manager, which many processes may hold.
 */
public final class TpmDevice implements TpmTransport {
    /** Where the kernel puts the device. */
    public static final Path DEFAULT_PATH = Path.of("/dev/tpmrm0");

    private final Path path;
    private final FileChannel channel;
    private final ReentrantLock lock = new ReentrantLock();

    private TpmDevice(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Opens a device.
     *
     * @throws TpmException DeviceMissing, AccessDenied, TransportFailed
     */
    public static TpmDevice open(Path path) {
        try {
            return new TpmDevice(path, FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
        } catch (NoSuchFileException e) {
            throw new TpmException.DeviceMissing("there is no " + path, e);
        } catch (AccessDeniedException e) {
            throw new TpmException.AccessDenied(path + " is not for this user", e);
        } catch (IOException e) {
            throw new TpmException.TransportFailed("opening " + path + " failed: " + e.getMessage(), e);
        }
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public Bytes transmit(Bytes command) {
        lock.lock();
        try {
            int written = channel.write(command.buffer());
            if (written != command.length()) {
                throw new TpmException.TransportFailed(path + " took " + written + " bytes of " + command.length());
            }
            ByteBuffer answer = ByteBuffer.allocate(MAX_SIZE);
            channel.read(answer);
            return Bytes.wrap(answer.array()).slice(0, answer.position());
        } catch (IOException e) {
            throw new TpmException.TransportFailed("a command through " + path + " failed: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new TpmException.TransportFailed("closing " + path + " failed", e);
        }
    }
}
