package io.cloister.tests;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes settings files for tests. */
public final class TestSettings {
    private TestSettings() {}

    /**
     * Complete settings of a node in a folder, with free ports.
     *
     * @param httpPort the plain http port, or 0 for a free one
     */
    public static Path write(Path folder, String name, TestDatabase database, int httpPort) throws IOException {
        Files.writeString(folder.resolve("policy.json"), "{}");
        return Files.writeString(folder.resolve(name + ".properties"), """
                cloister.chain.id=test-1
                cloister.data.directory=%s
                cloister.genesis.file=genesis.json
                cloister.policy.file=policy.json
                cloister.http.port=%d
                cloister.https.port=%d
                cloister.channel.port=%d
                cloister.platform.device=none-here
                cloister.db.url=%s
                cloister.db.user=postgres
                cloister.db.password=postgres
                """.formatted(
                        name, httpPort == 0 ? freePort() : httpPort, freePort(), freePort(), database.url()));
    }

    /** A port of loopback that was free a moment ago. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
