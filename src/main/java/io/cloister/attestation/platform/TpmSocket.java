package io.cloister.attestation.platform;

import io.cloister.attestation.tpm.TpmException;
import io.cloister.attestation.tpm.TpmTransport;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A software TPM behind a unix socket that speaks bare TPM commands, such as swtpm's data channel. An answer that does
 * not come in time ends the connection, because the next answer would be taken for this one's.
 */
public final class TpmSocket implements TpmTransport {
    /** Long enough for a software TPM to make an RSA key. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

    private static final int SIZE_FIELD = 2;
    private static final int HEADER = 10;

    private final Path path;
    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final Duration timeout;
    private final ReentrantLock lock = new ReentrantLock();

    private TpmSocket(Path path, SocketChannel channel, Selector selector, Duration timeout) throws IOException {
        this.path = path;
        this.channel = channel;
        this.selector = selector;
        this.timeout = timeout;
        channel.configureBlocking(false);
        this.key = channel.register(selector, SelectionKey.OP_WRITE);
    }

    /**
     * Connects.
     *
     * @param timeout for a whole command with its answer
     * @throws TpmException DeviceMissing, AccessDenied, TransportFailed
     */
    public static TpmSocket connect(Path path, Duration timeout) {
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(path));
                return new TpmSocket(path, channel, Selector.open(), timeout);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            String message = "connecting to " + path + " failed: " + e.getMessage();
            if (!Files.exists(path)) {
                throw new TpmException.DeviceMissing(message, e);
            }
            if (!Files.isReadable(path) || !Files.isWritable(path)) {
                throw new TpmException.AccessDenied(message, e);
            }
            throw new TpmException.TransportFailed(message, e);
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
            long deadline = System.nanoTime() + timeout.toNanos();
            move(command.buffer(), SelectionKey.OP_WRITE, deadline);
            ByteBuffer header = ByteBuffer.allocate(HEADER);
            move(header, SelectionKey.OP_READ, deadline);
            long size = Integer.toUnsignedLong(header.getInt(SIZE_FIELD));
            if (size < HEADER || size > MAX_SIZE) {
                throw failed("an answer of " + size + " bytes");
            }
            ByteBuffer answer = ByteBuffer.allocate((int) size).put(header.flip());
            move(answer, SelectionKey.OP_READ, deadline);
            return Bytes.wrap(answer.array());
        } catch (IOException e) {
            close();
            throw new TpmException.TransportFailed("a command through " + path + " failed: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    private void move(ByteBuffer buffer, int operation, long deadline) throws IOException {
        while (buffer.hasRemaining()) {
            int moved = operation == SelectionKey.OP_WRITE ? channel.write(buffer) : channel.read(buffer);
            if (moved < 0) {
                throw failed("the other side has closed");
            }
            if (moved == 0) {
                await(operation, deadline);
            }
        }
    }

    private void await(int operation, long deadline) throws IOException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            close();
            throw new TpmException.TimedOut(path + " did not answer within " + timeout);
        }
        key.interestOps(operation);
        selector.select(left);
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
            throw failed("interrupted");
        }
    }

    private TpmException.TransportFailed failed(String why) {
        close();
        return new TpmException.TransportFailed(path + ": " + why);
    }

    @Override
    public void close() {
        try {
            selector.close();
            channel.close();
        } catch (IOException e) {
            throw new TpmException.TransportFailed("closing " + path + " failed", e);
        }
    }
}
