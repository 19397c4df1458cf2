package io.cloister.node.launch;

import io.cloister.node.settings.Settings.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** One TLS handshake with the own listener, to see that it shows the certificate of this boot. */
final class ListenerCheck {
    private static final int TIMEOUT_MILLIS = 10_000;

    private ListenerCheck() {}

    /** Nothing when the listener shows exactly this certificate, else what is wrong. */
    static Optional<String> presentsCertificate(Endpoint listener, TlsIdentity identity) {
        String host = listener.host().equals("0.0.0.0") ? "127.0.0.1" : listener.host();
        try (Socket plain = new Socket()) {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(null, new TrustManager[] {new Anything()}, null);
            plain.connect(new InetSocketAddress(host, listener.port()), TIMEOUT_MILLIS);
            plain.setSoTimeout(TIMEOUT_MILLIS);
            try (SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket(plain, host, listener.port(), true)) {
                Certificate shown = socket.getSession().getPeerCertificates()[0];
                return shown.equals(identity.certificate())
                        ? Optional.empty()
                        : Optional.of("the https listener shows another certificate than this boot's");
            }
        } catch (IOException | GeneralSecurityException e) {
            return Optional.of("the https listener does not answer (" + e.getMessage() + ")");
        }
    }

    /** Lets the handshake finish whatever is shown; the certificate is compared afterwards. */
    private static final class Anything implements X509TrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("only a client uses this");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
