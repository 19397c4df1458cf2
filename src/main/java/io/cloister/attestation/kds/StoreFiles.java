package io.cloister.attestation.kds;

import io.cloister.attestation.kds.Miss.Reason;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** The files of a store, read and written whole. Knows their names and sizes, nothing of what is in them. */
final class StoreFiles {
    private static final int DEPTH = 3;

    private final Path folder;
    private final int maximumLeaves;
    private final ReentrantLock writing = new ReentrantLock();

    /** @param maximumLeaves leaf certificates that are kept; the one written longest ago makes room for a new one */
    StoreFiles(Path folder, int maximumLeaves) {
        this.folder = folder;
        this.maximumLeaves = maximumLeaves;
    }

    /**
     * The bytes of a file, empty when there is none.
     *
     * @throws MissException MALFORMED when it is longer than such a file may be
     */
    Optional<Bytes> read(StoreEntry entry) throws IOException, MissException {
        Path file = folder.resolve(entry.path());
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (InputStream input = Files.newInputStream(file)) {
            byte[] content = input.readNBytes(entry.maxSize() + 1);
            if (content.length > entry.maxSize()) {
                throw new MissException(
                        Reason.MALFORMED, entry.path() + " has more than " + entry.maxSize() + " bytes");
            }
            return Optional.of(Bytes.wrap(content));
        }
    }

    /** Writes a file; it appears whole or not at all. */
    void write(StoreEntry entry, Bytes content) throws IOException {
        Path file = folder.resolve(entry.path());
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        writing.lock();
        try {
            if (entry instanceof StoreEntry.Leaf && !Files.exists(file)) {
                makeRoom();
            }
            Files.createDirectories(file.getParent());
            Files.write(partial, content.toArray());
            Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
            writing.unlock();
        }
    }

    /** All files whose names are those of entries, by path. */
    List<StoreEntry> entries() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder, DEPTH)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .flatMap(path -> StoreEntry.parse(path).stream())
                    .sorted(Comparator.comparing(StoreEntry::path))
                    .toList();
        }
    }

    private void makeRoom() throws IOException {
        List<Path> leaves = new ArrayList<>();
        for (StoreEntry entry : entries()) {
            if (entry instanceof StoreEntry.Leaf) {
                leaves.add(folder.resolve(entry.path()));
            }
        }
        while (leaves.size() >= maximumLeaves) {
            Path oldest = leaves.getFirst();
            for (Path leaf : leaves) {
                if (Files.getLastModifiedTime(leaf).compareTo(Files.getLastModifiedTime(oldest)) < 0) {
                    oldest = leaf;
                }
            }
            Files.deleteIfExists(oldest);
            leaves.remove(oldest);
        }
    }
}
