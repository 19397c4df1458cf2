package io.cloister.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system that is mounted somewhere. */
record Mount(String point, String type) {
    private static final Path MOUNTS = Path.of("/proc/self/mounts");

    /** Those that lie below a folder. */
    static List<Mount> below(Path folder) throws IOException {
        return Files.readAllLines(MOUNTS).stream()
                .map(Mount::parse)
                .filter(mount -> mount.point().startsWith(folder + "/"))
                .toList();
    }

    /** The kernel writes four characters of a path as octal numbers. */
    static Mount parse(String line) {
        String[] words = line.split(" ");
        String point = words[1].replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
        return new Mount(point, words[2]);
    }
}
