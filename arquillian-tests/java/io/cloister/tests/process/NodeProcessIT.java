package io.cloister.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.node.settings.Settings;
import io.cloister.tests.TestDatabase;
import io.cloister.tests.TestSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeProcessIT {
    private static final Path MEMORY = Path.of("/dev/shm");

    private static TestDatabase database;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startDatabase() throws IOException {
        database = TestDatabase.start();
    }

    @AfterAll
    static void stopDatabase() {
        database.close();
    }

    @Test
    void refusesAnUnknownSettingByName() throws Exception {
        Path settings = settings();
        Files.writeString(settings, Files.readString(settings) + "cloister.htttp.port=1\n");

        try (NodeProcess node = NodeProcess.start(settings, folder.resolve("output"))) {
            assertThat(node.awaitEnd()).isEqualTo(2);
            assertThat(node.output()).contains("cloister.htttp.port: no such setting");
        }
        assertThat(folder.resolve("node")).doesNotExist();
    }

    @Test
    void servesWithTheTlsKeyOfItsBootAndLeavesNoKeyBehind() throws Exception {
        Settings settings = Settings.load(settings());
        try (NodeProcess node = NodeProcess.start(folder.resolve("node.properties"), folder.resolve("output"))) {
            node.awaitOutput("https on 127.0.0.1");
            assertThat(filesBelow(MEMORY, "cloister-" + node.pid() + "-")).isEmpty();

            SSLSession session = https(settings, "/health/started").sslSession().orElseThrow();
            X509Certificate certificate = (X509Certificate) session.getPeerCertificates()[0];
            assertThat(session.getProtocol()).isEqualTo("TLSv1.3");
            assertThat(node.output()).contains("TLS key " + spkiHash(certificate));
            assertThat(plain(settings, "/health/live").statusCode()).isEqualTo(200);
            assertThat(plain(settings, "/metrics").statusCode()).isEqualTo(200);
            assertThat(plain(settings, "/").statusCode()).isEqualTo(403);
            assertThat(plain(settings, "/openapi").statusCode()).isEqualTo(403);
            assertThat(https(settings, "/openapi").body()).contains("/network");
            assertThat(ListeningSockets.of(node.pid())).isNotEmpty().allMatch(InetAddress::isLoopbackAddress);
            refusesASecondProcess();

            assertThat(node.terminate()).isEqualTo(143);
        }
        assertThat(filesBelow(settings.dataDirectory(), "keystore.p12")).noneMatch(NodeProcessIT::isTheHandoverStore);
    }

    private void refusesASecondProcess() throws Exception {
        try (NodeProcess second =
                NodeProcess.start(folder.resolve("node.properties"), folder.resolve("second-output"))) {
            assertThat(second.awaitEnd()).isEqualTo(1);
            assertThat(second.output()).contains("another process runs the node");
        }
    }

    private Path settings() throws IOException {
        return TestSettings.write(folder, "node", database, 0);
    }

    private static HttpResponse<String> plain(Settings settings, String path) throws Exception {
        return NodeProcess.get(HttpClient.newHttpClient(), "http://127.0.0.1:" + settings.httpPort() + path);
    }

    private static HttpResponse<String> https(Settings settings, String path) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustWhateverIsShown()}, null);
        try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
            return NodeProcess.get(
                    client, "https://127.0.0.1:" + settings.https().port() + path);
        }
    }

    private static String spkiHash(X509Certificate certificate) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256")
                        .digest(certificate.getPublicKey().getEncoded()));
    }

    private static List<Path> filesBelow(Path top, String name) throws IOException {
        try (Stream<Path> files = Files.walk(top)) {
            return files.filter(file -> file.getFileName().toString().startsWith(name))
                    .toList();
        }
    }

    /** The server's own store opens with its published password; the store of a boot never does. */
    private static boolean isTheHandoverStore(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore.getInstance("PKCS12").load(in, "changeit".toCharArray());
            return false;
        } catch (IOException | GeneralSecurityException e) {
            return true;
        }
    }
}
