package io.cloister.channel.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.crypto.Hashes;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SigningKey;
import java.io.IOException;
import java.net.Socket;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
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

    private static SSLContext context(KeyManager... keys) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, new TrustManager[] {new PeerTrust()}, new SecureRandom());
        return context;
    }

    /** Connects, reads one byte so that anything the server adds to the handshake is seen, and hangs up. */
    private SSLSession connect(SSLContext context, String protocol) throws IOException {
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", node.network().port())) {
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
        SSLSession session = connect(context(new OwnKey(identity)), "TLSv1.3");

        assertThat(session.getProtocol()).isEqualTo("TLSv1.3");
        assertThat(session.getCipherSuite()).isEqualTo("TLS_AES_256_GCM_SHA384");
        assertThat(session.getPeerCertificates())
                .containsExactly(node.config().tls().certificate());
    }

    @Test
    void listenerRefusesOlderTls() {
        assertThatThrownBy(() -> connect(context(new OwnKey(identity)), "TLSv1.2")).isInstanceOf(IOException.class);
    }

    @Test
    void listenerRefusesAClientWithoutCertificate() {
        assertThatThrownBy(() -> connect(context(), "TLSv1.3")).isInstanceOf(IOException.class);
    }

    @Test
    void noSessionIsEverResumed() throws Exception {
        SSLContext context = context(new OwnKey(identity));
        SSLSession first = connect(context, "TLSv1.3");
        Await.until("the clock moves on", () -> System.currentTimeMillis() > first.getCreationTime() + 5);

        SSLSession second = connect(context, "TLSv1.3");

        assertThat(second.getCreationTime()).isGreaterThan(first.getCreationTime());
    }

    @Test
    void plainTextGetsNoAnswer() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", node.network().port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
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
        X509Certificate forged = SelfSigned.certificate(new KeyPair(one.getPublic(), other.getPrivate()), Instant.now());

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
