package io.cloister.node;

import io.cloister.node.settings.Settings;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * The settings file as a source of MicroProfile Config, below the environment and the system properties, as
 * {@link Settings} reads it.
 */
public final class SettingsSource implements ConfigSource {
    private static final int BELOW_ENVIRONMENT = 200;

    private final Map<String, String> values;

    /** Reads the file that the launcher has named; without one the source is empty and the boot refuses. */
    public SettingsSource() {
        values = Optional.ofNullable(System.getProperty(Settings.FILE_PROPERTY))
                .map(file -> read(Path.of(file)))
                .orElse(Map.of());
    }

    private static Map<String, String> read(Path file) {
        Properties properties = new Properties();
        try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.stringPropertyNames().stream()
                .collect(Collectors.toUnmodifiableMap(name -> name, properties::getProperty));
    }

    @Override
    public int getOrdinal() {
        return BELOW_ENVIRONMENT;
    }

    @Override
    public Set<String> getPropertyNames() {
        return values.keySet();
    }

    @Override
    public @Nullable String getValue(String name) {
        return values.get(name);
    }

    @Override
    public String getName() {
        return "cloister settings";
    }
}
