package io.cloister.vault.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A folder of a file system, locked against a second journal in it. */
final class DiskFolder implements JournalFolder {
    private static final String LOCK = "lock";
    private static final int PART = 1 << 16;
    private static final int MAX_FILE = 64 << 20;

    private final Path folder;
    private final Optional<FileChannel> lock;

    private DiskFolder(Path folder, Optional<FileChannel> lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /** For who only looks; whoever has the folder may go on writing. */
    static DiskFolder reading(Path folder) {
        return new DiskFolder(folder, Optional.empty());
    }

    /** @throws JournalFailed when somebody else has it open */
    static DiskFolder claim(Path folder) throws IOException {
        FileChannel lock = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (lock.tryLock() == null) {
                throw new JournalFailed("the journal in " + folder + " is in use");
            }
        } catch (OverlappingFileLockException e) {
            lock.close();
            throw new JournalFailed("the journal in " + folder + " is in use here", e);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
        return new DiskFolder(folder, Optional.of(lock));
    }

    @Override
    public List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(it -> it.getFileName().toString())
                    .filter(it -> !it.equals(LOCK))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public JournalFile open(String name) throws IOException {
        return new DiskFile(
                lock.isPresent()
                        ? FileChannel.open(folder.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE)
                        : FileChannel.open(folder.resolve(name), StandardOpenOption.READ));
    }

    /** Writes zeros, as a file with holes would have to allocate them at each sync. */
    @Override
    public JournalFile create(String name, int size) throws IOException {
        FileChannel channel = FileChannel.open(
                folder.resolve(name),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        DiskFile file = new DiskFile(channel);
        try {
            for (int at = 0; at < size; at += PART) {
                file.write(at, new byte[Math.min(PART, size - at)]);
            }
            return file;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(folder.resolve(from), folder.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(folder.resolve(name));
    }

    @Override
    public void force() throws IOException {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    @Override
    public void close() {
        try {
            if (lock.isPresent()) {
                lock.get().close();
            }
        } catch (IOException e) {
            throw new JournalFailed("closing " + folder, e);
        }
    }

    private record DiskFile(FileChannel channel) implements JournalFile {
        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public byte[] read() throws IOException {
            long size = channel.size();
            if (size > MAX_FILE) {
                throw new IOException("a segment of " + size + " bytes");
            }
            ByteBuffer content = ByteBuffer.allocate((int) size);
            while (content.hasRemaining() && channel.read(content, content.position()) >= 0) {
                // reads on from where it stopped
            }
            return content.array();
        }

        @Override
        public void write(long at, byte[] bytes) throws IOException {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest, at + rest.position());
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
