package io.cloister.channel.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.SigningKey;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TlsTest {
    private final TestNode node = new TestNode(TestNode.Plan.of(SigningKey.generate()));
    private final TlsIdentity identity = TlsIdentity.generate(Instant.now());

    @BeforeEach
    void start() {
        node.start();
    }

    @AfterEach
    void close() {
        node.close();
    }

    private static SSLContext context(KeyManager... keys) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {new PeerTrust()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** Connects, reads one byte so that anything the server adds to the handshake is seen, and hangs up. */
    private static SSLSession connect(int port, SSLContext context, String protocol) throws IOException {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(new String[] {protocol});
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(10_000);
            socket.startHandshake();
            if (socket.getInputStream().read() < 0) {
                throw new IOException("closed");
            }
            return socket.getSession();
        }
    }

    @Test
    void listenerSpeaksTls13WithTheBootsCertificate() throws Exception {
        SSLSession session = connect(node.network().port(), context(new OwnKey(identity)), "TLSv1.3");

        assertThat(session.getProtocol()).isEqualTo("TLSv1.3");
        assertThat(session.getCipherSuite()).isEqualTo("TLS_AES_256_GCM_SHA384");
        assertThat(session.getPeerCertificates())
                .containsExactly(node.config().tls().certificate());
    }

    @Test
    void listenerRefusesOlderTls() {
        assertThatThrownBy(() -> connect(node.network().port(), context(new OwnKey(identity)), "TLSv1.2"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void listenerRefusesAClientWithoutCertificate() {
        assertThatThrownBy(() -> connect(node.network().port(), context(), "TLSv1.3"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void noSessionIsEverResumed() throws Exception {
        SSLContext context = context(new OwnKey(identity));
        SSLSession first = connect(node.network().port(), context, "TLSv1.3");
        Await.until("the clock moves on", () -> System.currentTimeMillis() > first.getCreationTime() + 5);

        SSLSession second = connect(node.network().port(), context, "TLSv1.3");

        assertThat(second.getCreationTime()).isGreaterThan(first.getCreationTime());
    }

    @Test
    void connectionsBeyondTheirPlacesAreDroppedBeforeTls() throws Exception {
        TestNode small = new TestNode(TestNode.Plan.of(SigningKey.generate())
                .settings(settings -> settings.with(new ChannelSettings.Attempts(100, 100, 4))));
        small.start();
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                sockets.add(new Socket("127.0.0.1", small.network().port()));
            }
            try (Socket fifth = new Socket("127.0.0.1", small.network().port())) {
                fifth.setSoTimeout(10_000);
                assertThat(fifth.getInputStream().read()).isNegative();
            }
            assertThat(small.network().metrics().value("connections.turned_away"))
                    .isEqualTo(1);

            sockets.removeFirst().close();
            Await.until("room again", () -> answers(small.network().port(), identity));
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
            small.close();
        }
    }

    private static boolean answers(int port, TlsIdentity identity) {
        try {
            connect(port, context(new OwnKey(identity)), "TLSv1.3");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void plainTextGetsNoAnswer() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", node.network().port())) {
            socket.setSoTimeout(10_000);
            byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            socket.getOutputStream().write(preface);
            byte[] answer = socket.getInputStream().readAllBytes();
            assertThat(answer.length).isLessThan(16); // an alert at most
        }
    }

    @Test
    void generatedCertificateIsOneThatPeersTake() throws Exception {
        X509Certificate certificate = identity.certificate();

        certificate.checkValidity();
        new PeerTrust().checkServerTrusted(new X509Certificate[] {certificate}, "UNKNOWN");
        assertThat(certificate.getVersion()).isEqualTo(3);
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=cloister");
        assertThat(identity.spki())
                .isEqualTo(Hashes.sha256(Bytes.wrap(certificate.getPublicKey().getEncoded())));
        assertThat(TlsIdentity.generate(Instant.now()).spki()).isNotEqualTo(identity.spki());
    }

    @Test
    void otherCertificatesAreRefused() throws Exception {
        X509Certificate good = identity.certificate();
        X509Certificate larger = SelfSigned.certificate(pair("secp384r1"), Instant.now());
        KeyPair one = pair("secp256r1");
        KeyPair other = pair("secp256r1");
        KeyPair mixed = new KeyPair(one.getPublic(), other.getPrivate());
        X509Certificate forged = SelfSigned.certificate(mixed, Instant.now());

        assertRefused(larger);
        assertRefused(forged);
        assertRefused(good, good);
        assertRefused();
        assertThatThrownBy(() -> TlsIdentity.of(one.getPrivate(), larger)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertRefused(X509Certificate... chain) {
        assertThatThrownBy(() -> new PeerTrust().checkClientTrusted(chain, "UNKNOWN"))
                .isInstanceOf(CertificateException.class);
    }

    private static KeyPair pair(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }
}
