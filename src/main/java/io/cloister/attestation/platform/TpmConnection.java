package io.cloister.attestation.platform;

import io.cloister.attestation.tpm.TpmException;
import io.cloister.attestation.tpm.TpmTransport;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** A TPM that is opened when it is needed, and opened anew after its transport has failed. */
public final class TpmConnection implements TpmTransport {
    private static final int FILE_TYPE = 0170000;
    private static final int SOCKET = 0140000;

    private final String name;
    private final Supplier<TpmTransport> opener;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<TpmTransport> open = Optional.empty();

    private TpmConnection(String name, Supplier<TpmTransport> opener) {
        this.name = name;
        this.opener = opener;
    }

    /** To a character device such as {@code /dev/tpmrm0}, or to a unix socket that speaks bare TPM commands. */
    public static TpmConnection to(Path path) {
        return new TpmConnection(
                path.toString(),
                () -> isSocket(path) ? TpmSocket.connect(path, TpmSocket.DEFAULT_TIMEOUT) : TpmDevice.open(path));
    }

    private static boolean isSocket(Path path) {
        try {
            int mode = (int) Files.getAttribute(path, "unix:mode");
            return (mode & FILE_TYPE) == SOCKET;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Bytes transmit(Bytes command) {
        lock.lock();
        try {
            TpmTransport transport = open.orElseGet(opener);
            open = Optional.of(transport);
            return transport.transmit(command);
        } catch (TpmException.TransportFailed | TpmException.TimedOut e) {
            close();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            Optional<TpmTransport> closing = open;
            open = Optional.empty();
            closing.ifPresent(TpmTransport::close);
        } finally {
            lock.unlock();
        }
    }
}
