package io.cloister.cli.demo;

import io.cloister.cli.CommandFailed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The one folder that the demo owns, its lock, and all that has to be stopped when it ends, however it ends. */
final class Workspace implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Workspace.class.getName());

    private static final String LOCK = "lock";
    private static final int ATTEMPTS = 40;
    private static final long PAUSE_MILLIS = 250;

    private final Path folder;
    private final FileChannel lockFile;
    private final Deque<Owned> owned = new ArrayDeque<>();
    private boolean closed;

    private record Owned(String what, AutoCloseable resource) {}

    private Workspace(Path folder, FileChannel lockFile) {
        this.folder = folder;
        this.lockFile = lockFile;
    }

    /**
     * Takes a folder and empties it.
     *
     * @param home where the launcher is
     * @throws CommandFailed when the folder is not a demo's to empty, or another demo runs in it
     */
    static Workspace claim(Path home, Path wanted) throws IOException, InterruptedException {
        Path folder = DemoFolder.make(wanted, DemoFolder.kept(home));
        FileChannel channel =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw new CommandFailed(1, "another demo runs in " + folder);
        }
        clear(folder);
        Workspace workspace = new Workspace(folder, channel);
        Runtime.getRuntime().addShutdownHook(new Thread(workspace::close, "demo-cleanup"));
        return workspace;
    }

    Path folder() {
        return folder;
    }

    /** A folder inside, made when it is not there. */
    Path folder(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    /** Stops it when the demo ends, the latest first. */
    <T extends AutoCloseable> T own(String what, T resource) {
        synchronized (owned) {
            if (!closed) {
                owned.push(new Owned(what, resource));
                return resource;
            }
        }
        stop(new Owned(what, resource));
        throw new CommandFailed(130, "the demo is ending");
    }

    /** What a demo that was killed has left: mounts first, then files. */
    private static void clear(Path folder) throws IOException, InterruptedException {
        for (Mount mount : Mount.below(folder)) {
            if (mount.type().startsWith("fuse")) {
                new ProcessBuilder("umount", "-l", mount.point()).start().waitFor(5, TimeUnit.SECONDS);
            }
        }
        for (Mount mount : Mount.below(folder)) {
            throw new CommandFailed(1, "something is mounted on " + mount.point() + ", so the folder is not emptied");
        }
        for (int attempt = 1; !delete(folder); attempt++) {
            if (attempt == ATTEMPTS) {
                throw new CommandFailed(1, folder + " cannot be cleared: a process of an earlier demo writes to it");
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private static boolean delete(Path folder) throws IOException {
        List<Path> kept = List.of(folder, folder.resolve(LOCK), folder.resolve(DemoFolder.MARK));
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
            for (Path each : all) {
                if (!kept.contains(each)) {
                    Files.deleteIfExists(each);
                }
            }
            return true;
        } catch (DirectoryNotEmptyException | UncheckedIOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        while (true) {
            Owned next;
            synchronized (owned) {
                closed = true;
                next = owned.poll();
            }
            if (next == null) {
                break;
            }
            stop(next);
        }
        try {
            lockFile.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the lock of the demo's folder", e);
        }
    }

    private static void stop(Owned next) {
        try {
            next.resource().close();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.WARNING, "stopping " + next.what() + " failed", e);
        }
    }
}
