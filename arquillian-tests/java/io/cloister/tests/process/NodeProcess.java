package io.cloister.tests.process;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One {@code ./cloister node --config FILE}, ended at the latest when it is closed. */
final class NodeProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final Process process;
    private final Path output;

    private NodeProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static NodeProcess start(Path settings, Path output) throws IOException {
        Path top = Path.of(System.getProperty("cloister.target")).resolveSibling("");
        ProcessBuilder builder = new ProcessBuilder(
                        top.resolve("cloister").toString(), "node", "--config", settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("CLOISTER_BUILD", "skip");
        return new NodeProcess(builder.start(), output);
    }

    long pid() {
        return process.pid();
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    /** Waits until the process has said it. */
    void awaitOutput(String text) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!output().contains(text)) {
            if (!process.isAlive() || System.nanoTime() - end > 0) {
                throw new AssertionError("the node never said '" + text + "':\n" + output());
            }
            Thread.sleep(100);
        }
    }

    int awaitEnd() throws InterruptedException, IOException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the node does not end:\n" + output());
        }
        return process.exitValue();
    }

    /** Sends SIGTERM and waits for the end. */
    int terminate() throws InterruptedException, IOException {
        process.destroy();
        return awaitEnd();
    }

    /** The answer of a local address; the connection must come about. */
    static HttpResponse<String> get(HttpClient client, String address) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(address))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    static boolean listens(HttpClient client, String address) throws IOException, InterruptedException {
        try {
            get(client, address);
            return true;
        } catch (ConnectException e) {
            return false;
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
