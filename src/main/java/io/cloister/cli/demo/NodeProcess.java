package io.cloister.cli.demo;

import io.cloister.cli.NodeClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A node in a process of its own, started as a user starts one. */
final class NodeProcess implements AutoCloseable {
    private static final int STOP_SECONDS = 10;

    private final int number;
    private final Path launcher;
    private final Path config;
    private final Path log;
    private final int httpPort;
    private final NodeClient client;
    private final HttpClient plain =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private Optional<Process> process = Optional.empty();

    NodeProcess(int number, Path launcher, Path config, Path log, int httpPort, int httpsPort) {
        this.number = number;
        this.launcher = launcher;
        this.config = config;
        this.log = log;
        this.httpPort = httpPort;
        this.client = new NodeClient(URI.create("https://127.0.0.1:" + httpsPort));
    }

    int number() {
        return number;
    }

    NodeClient client() {
        return client;
    }

    synchronized void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "node", "--config", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("CLOISTER_BUILD", "skip");
        // Four servers start at once here: the fast compiler alone halves their time, and no speed is measured.
        builder.environment().putIfAbsent("CLOISTER_NODE_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
        client.forgetKey();
        process = Optional.of(builder.start());
    }

    synchronized boolean isAlive() {
        return process.filter(Process::isAlive).isPresent();
    }

    /** SIGKILL: no shutdown, no goodbye. */
    synchronized void kill() throws InterruptedException {
        if (process.isPresent()) {
            process.get().destroyForcibly().waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** @throws CheckFailed with the end of its log when the process has ended */
    void requireAlive() {
        if (!isAlive()) {
            throw new CheckFailed("node " + number + " has ended; its log " + log + " ends with: " + tail());
        }
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
        } catch (IOException e) {
            return "(unreadable)";
        }
    }

    @Override
    public synchronized void close() throws InterruptedException {
        if (process.isPresent()) {
            process.get().destroy();
            if (!process.get().waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.get().destroyForcibly().waitFor(STOP_SECONDS, TimeUnit.SECONDS);
            }
        }
    }
}
