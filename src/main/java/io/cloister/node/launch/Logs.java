package io.cloister.node.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/** One line for each record, on the console and, where a folder is named, in a rotated file. */
final class Logs {
    private static final String FORMAT = "java.util.logging.SimpleFormatter.format";
    private static final String LINE = "%1$tFT%1$tT.%1$tL %4$s %3$s: %5$s%6$s%n";

    private Logs() {}

    /** The format alone, for what is said before the server is there. */
    static void oneLine() {
        System.setProperty(FORMAT, LINE);
    }

    /** Writes the server's logging configuration into its folder. */
    static void configure(Path folder, Optional<Path> directory) throws IOException {
        Properties logging = new Properties();
        String handlers = "java.util.logging.ConsoleHandler";
        if (directory.isPresent()) {
            Files.createDirectories(directory.get());
            handlers += " java.util.logging.FileHandler";
            String file = "java.util.logging.FileHandler.";
            logging.setProperty(
                    file + "pattern", directory.get().resolve("cloister.%g.log").toString());
            logging.setProperty(file + "limit", "16777216");
            logging.setProperty(file + "count", "8");
            logging.setProperty(file + "append", "true");
            logging.setProperty(file + "formatter", "java.util.logging.SimpleFormatter");
        }
        logging.setProperty("handlers", handlers);
        logging.setProperty("java.util.logging.ConsoleHandler.formatter", "java.util.logging.SimpleFormatter");
        logging.setProperty(FORMAT, LINE);
        logging.setProperty(".level", "WARNING");
        logging.setProperty("io.cloister.level", "INFO");
        logging.setProperty("org.flywaydb.level", "INFO");
        // Expired authorities in a trust store, each printed whole; connections that clients drop; contexts replaced.
        logging.setProperty("javax.enterprise.system.security.ssl.level", "SEVERE");
        logging.setProperty("org.glassfish.grizzly.http2.level", "SEVERE");
        logging.setProperty("jakarta.enterprise.web.level", "WARNING");
        logging.setProperty("jakarta.enterprise.web.util.level", "SEVERE");
        Path file = folder.resolve("node-logging.properties");
        try (var out = Files.newBufferedWriter(file)) {
            logging.store(out, null);
        }
        System.setProperty("java.util.logging.config.file", file.toString());
    }
}
