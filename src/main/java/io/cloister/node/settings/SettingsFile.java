package io.cloister.node.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What stands in a settings file.
 *
 * @param values by name
 * @param repeated names that stand there more than once
 */
record SettingsFile(Map<String, String> values, SortedSet<String> repeated) {

    /** @throws IOException when it cannot be read or is no properties file */
    static SettingsFile read(Path file) throws IOException {
        Counting properties = new Counting();
        try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(text);
        } catch (IllegalArgumentException e) {
            throw new IOException(e);
        }
        Map<String, String> values = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> values.put(name, properties.getProperty(name)));
        return new SettingsFile(values, properties.repeated);
    }

    /** The class that reads the format keeps the last of equal names and says nothing. */
    private static final class Counting extends Properties {
        private static final long serialVersionUID = 1L;

        private final transient SortedSet<String> repeated = new TreeSet<>();

        @Override
        public synchronized Object put(Object name, Object value) {
            if (containsKey(name)) {
                repeated.add(String.valueOf(name));
            }
            return super.put(name, value);
        }
    }
}
