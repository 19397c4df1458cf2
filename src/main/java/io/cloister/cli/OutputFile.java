package io.cloister.cli;

import io.cloister.codec.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** A file that a command writes: whoever reads it sees the old content or the new one whole. */
final class OutputFile {
    private OutputFile() {}

    /** @throws CommandFailed with code 2 when no file can be made there */
    static Path path(String option, Arguments arguments) {
        return requireUsable(option, InputFile.path(option, arguments));
    }

    static Path requireUsable(String option, Path file) {
        if (Files.isDirectory(file) || !Files.isDirectory(file.resolveSibling(""))) {
            throw new CommandFailed(2, option + ": no file can be made at " + file);
        }
        return file;
    }

    /** Writes through to the disk before the file takes its name. */
    static void write(Path file, Bytes content) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".partial");
        try {
            try (FileChannel channel =
                    FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer rest = content.buffer();
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
    }
}
