package io.cloister.cli.demo;

import io.cloister.cli.CommandFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which folder a demo may empty: one that it finds empty or absent, and one that carries the mark of an earlier demo.
 * Nothing else is ever deleted.
 */
final class DemoFolder {
    /** Name of the file that says that a demo made the folder. */
    static final String MARK = ".cloister-demo";

    private static final int UNUSABLE = 2;

    private DemoFolder() {}

    /**
     * The folder that was asked for.
     *
     * @param home where the launcher is; below it lies the folder that is taken when none is named
     * @throws CommandFailed with code 2 when the name is empty or no path
     */
    static Path chosen(Optional<String> named, Path home) {
        String name = named.orElse(home.resolve(".demo").toString());
        if (name.isBlank()) {
            throw new CommandFailed(UNUSABLE, "--folder needs the name of a folder");
        }
        try {
            return Path.of(name).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new CommandFailed(UNUSABLE, "--folder: not a path: " + e.getReason(), e);
        }
    }

    /**
     * Makes the folder the demo's own, with its mark inside.
     *
     * @param kept folders that are never emptied, nor any folder that one of them lies in
     * @return its real path, without links
     * @throws CommandFailed with code 2 when it is not a demo's to empty
     */
    static Path make(Path folder, List<Path> kept) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new CommandFailed(UNUSABLE, folder + " is not a folder");
        }
        Path real = real(folder);
        for (Path each : kept) {
            if (real(each).startsWith(real)) {
                throw new CommandFailed(UNUSABLE, "a demo empties its folder, and " + each + " lies in " + folder);
            }
        }
        Path mark = real.resolve(MARK);
        if (Files.isRegularFile(mark, LinkOption.NOFOLLOW_LINKS)) {
            return real;
        }
        if (Files.exists(real) && !isEmpty(real)) {
            throw new CommandFailed(
                    UNUSABLE,
                    folder + " is not empty and no demo made it; remove it yourself, or name another with --folder");
        }
        Files.createDirectories(real);
        Files.writeString(mark, "A demo of Cloister made this folder. The next one deletes all that is in it.\n");
        return real;
    }

    /** The folders of the launcher and of the user. */
    static List<Path> kept(Path home) {
        List<Path> kept = new ArrayList<>(List.of(home, Path.of("").toAbsolutePath()));
        Stream.of(System.getProperty("user.home"), System.getenv("HOME"))
                .filter(name -> name != null && name.startsWith("/"))
                .map(Path::of)
                .forEach(kept::add);
        return kept;
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.findAny().isEmpty();
        }
    }

    /** The path without links, also where its end does not exist yet. */
    private static Path real(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        Path existing = absolute;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return existing.toRealPath().resolve(existing.relativize(absolute)).normalize();
    }
}
