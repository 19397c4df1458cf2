package io.cloister.node;

import io.cloister.node.settings.Settings;
import java.nio.file.Path;
import java.util.Optional;

/** The settings of this process, from the file that the launcher has named. */
final class NodeSettings {
    private NodeSettings() {}

    static Settings read() {
        return Optional.ofNullable(System.getProperty(Settings.FILE_PROPERTY))
                .map(file -> Settings.load(Path.of(file)))
                .orElseThrow(() -> new IllegalStateException(Settings.FILE_PROPERTY + " names no settings file"));
    }
}
