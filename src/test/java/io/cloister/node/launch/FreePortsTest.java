package io.cloister.node.launch;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.node.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreePortsTest {
    @TempDir
    private Path folder;

    @Test
    void namesTheSettingOfAPortThatIsTaken() throws IOException {
        try (ServerSocket taken = listening();
                ServerSocket first = listening();
                ServerSocket second = listening()) {
            int http = first.getLocalPort();
            int channel = second.getLocalPort();
            first.close();
            second.close();
            Settings settings = settings("127.0.0.1", http, taken.getLocalPort(), channel);

            assertThatThrownBy(() -> FreePorts.require(settings))
                    .isInstanceOf(LaunchRefused.class)
                    .hasMessageStartingWith(
                            "cloister.https.port: cannot listen on 127.0.0.1, port " + taken.getLocalPort());
            taken.close();
            assertThatCode(() -> FreePorts.require(settings)).doesNotThrowAnyException();
        }
    }

    @Test
    void namesAnAddressThatIsNotOfThisMachine() throws IOException {
        Settings settings = settings("192.0.2.1", 18_080, 18_443, 19_443);

        assertThatThrownBy(() -> FreePorts.require(settings))
                .isInstanceOf(LaunchRefused.class)
                .hasMessageContaining("cannot listen on");
    }

    private static ServerSocket listening() throws IOException {
        return new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
    }

    private Settings settings(String host, int http, int https, int channel) throws IOException {
        Files.writeString(folder.resolve("policy.json"), "{}");
        return Settings.load(
                Files.writeString(folder.resolve("node.properties"), """
                cloister.chain.id=test-1
                cloister.data.directory=data
                cloister.genesis.file=genesis.json
                cloister.policy.file=policy.json
                cloister.http.port=%d
                cloister.https.host=%s
                cloister.https.port=%d
                cloister.channel.port=%d
                cloister.db.url=jdbc:postgresql://127.0.0.1/node
                cloister.db.user=node
                cloister.db.password=node
                """.formatted(http, host, https, channel)));
    }
}
