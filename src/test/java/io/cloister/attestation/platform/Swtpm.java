package io.cloister.attestation.platform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A software TPM in a process of its own; tests are skipped where swtpm is not installed. */
final class Swtpm implements AutoCloseable {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

    private final Process process;
    private final Path socket;

    private Swtpm(Process process, Path socket) {
        this.process = process;
        this.socket = socket;
    }

    /** Starts one that keeps its state in the folder, started up already where {@code started}. */
    static Swtpm start(Path folder, boolean started) throws IOException {
        Path socket = folder.resolve("tpm");
        Path log = folder.resolve("swtpm.log");
        Process process = new ProcessBuilder(List.of(
                        program().toString(),
                        "socket",
                        "--tpm2",
                        "--tpmstate",
                        "dir=" + folder,
                        "--server",
                        "type=unixio,path=" + socket,
                        "--flags",
                        started ? "not-need-init,startup-clear" : "not-need-init"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Swtpm swtpm = new Swtpm(process, socket);
        swtpm.awaitSocket(log);
        return swtpm;
    }

    private static Path program() {
        return Stream.of("/usr/bin/swtpm", "/usr/local/bin/swtpm")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(() -> Assumptions.abort("swtpm is not installed (apt-get install swtpm)"));
    }

    private void awaitSocket(Path log) throws IOException {
        long end = System.nanoTime() + PATIENCE;
        while (!Files.exists(socket)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                close();
                throw new IOException("swtpm did not start: " + Files.readString(log, StandardCharsets.UTF_8));
            }
            pause();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    TpmSocket connect() {
        return TpmSocket.connect(socket, TpmSocket.DEFAULT_TIMEOUT);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
