package io.cloister.node.launch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of one node, locked so that no second process runs the same node. The lock lasts as long as this object is
 * reachable.
 */
final class DataFolder implements AutoCloseable {
    private final Path folder;
    private final FileLock lock;

    private DataFolder(Path folder, FileLock lock) {
        this.folder = folder;
        this.lock = lock;
    }

    static DataFolder claim(Path folder) throws LaunchRefused {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            FileChannel channel =
                    FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw new LaunchRefused("another process runs the node of " + folder);
            }
            return new DataFolder(folder, lock);
        } catch (OverlappingFileLockException e) {
            throw new LaunchRefused("this process already runs the node of " + folder, e);
        } catch (IOException e) {
            throw new LaunchRefused("cannot use the data folder " + folder, e);
        }
    }

    /**
     * An empty folder for the server's own files. What an earlier start left there is dropped, because the server would
     * deploy it once more.
     */
    Path freshServerFolder() throws LaunchRefused {
        Path server = folder.resolve("server");
        try {
            if (Files.exists(server)) {
                deleteTree(server);
            }
            return Files.createDirectory(server);
        } catch (IOException e) {
            throw new LaunchRefused("cannot empty " + server, e);
        }
    }

    /** Lets go of the folder. */
    @Override
    public void close() throws IOException {
        lock.acquiredBy().close();
    }

    private static void deleteTree(Path top) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> paths = Files.walk(top)) {
            deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }
}
