package io.cloister.cli;

import io.cloister.attestation.release.Seen;
import io.cloister.codec.CodecException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps what was accepted from one run to the next. Runs at the same time wait for each other. */
final class SeenFile implements AutoCloseable {
    private final Path file;
    private final FileChannel lock;
    private final Seen before;

    private SeenFile(Path file, FileChannel lock, Seen before) {
        this.file = file;
        this.lock = lock;
        this.before = before;
    }

    /** @throws CommandFailed with code 2 when the file is there and is no such record */
    static SeenFile open(Path file) throws IOException {
        OutputFile.requireUsable("--seen", file);
        FileChannel lock = FileChannel.open(
                file.resolveSibling(file.getFileName() + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            lock.lock();
            return new SeenFile(file, lock, Files.exists(file) ? read(file) : Seen.NOTHING);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static Seen read(Path file) {
        try {
            return Seen.decode(InputFile.read(file));
        } catch (CodecException e) {
            throw new CommandFailed(2, file + ": " + e.getMessage(), e);
        }
    }

    Seen before() {
        return before;
    }

    void keep(Seen seen) throws IOException {
        if (!seen.equals(before)) {
            OutputFile.write(file, seen.encode());
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
