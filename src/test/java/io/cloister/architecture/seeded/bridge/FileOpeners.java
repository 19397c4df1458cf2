package io.cloister.architecture.seeded.bridge;

import java.io.File;
import java.io.FileInputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** Cores that open a file or start a process. */
public final class FileOpeners {
    static final class ByPath {
        Object open() throws java.io.IOException {
            return Files.readAllBytes(Path.of("x"));
        }
    }

    static final class ByProcess {
        Object open() throws java.io.IOException {
            return new ProcessBuilder("x").start();
        }
    }

    static final class ByRuntime {
        Object open() {
            return Runtime.getRuntime();
        }
    }

    record ByStream(FileInputStream stream) {}

    record ByRandomAccess(RandomAccessFile file) {}

    record ByName(File file) {}
}
