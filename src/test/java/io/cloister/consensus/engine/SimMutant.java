package io.cloister.consensus.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A protocol bug that the simulator has to find: production sources with a few places changed. The sources themselves
 * have no hook for it.
 *
 * @param name what is wrong
 * @param edits one after the other
 */
record SimMutant(String name, List<Edit> edits) {
    private static final Path SOURCES = Path.of("src", "main", "java", "io", "cloister", "consensus");

    /**
     * One change of one file.
     *
     * @param file below the package of consensus
     * @param before stands in it exactly once
     */
    record Edit(String file, String before, String after) {}

    static SimMutant of(String name, String file, String before, String after) {
        return new SimMutant(name, List.of(new Edit(file, before, after)));
    }

    SimMutant and(String file, String before, String after) {
        List<Edit> more = new ArrayList<>(edits);
        more.add(new Edit(file, before, after));
        return new SimMutant(name, List.copyOf(more));
    }

    /**
     * Writes the changed files below a folder.
     *
     * @return the files
     * @throws IllegalStateException when an edit does not fit the sources
     */
    List<Path> write(Path home, Path folder) throws IOException {
        List<Path> written = new ArrayList<>();
        for (Edit edit : edits) {
            Path target = folder.resolve(edit.file());
            String source = Files.readString(
                    Files.exists(target) ? target : home.resolve(SOURCES).resolve(edit.file()));
            int at = source.indexOf(edit.before());
            if (at < 0 || source.indexOf(edit.before(), at + 1) >= 0) {
                throw new IllegalStateException(
                        "mutant \"" + name + "\": its place in " + edit.file() + " is not there exactly once");
            }
            Files.createDirectories(target.getParent());
            Files.writeString(target, source.replace(edit.before(), edit.after()));
            if (!written.contains(target)) {
                written.add(target);
            }
        }
        return written;
    }
}
