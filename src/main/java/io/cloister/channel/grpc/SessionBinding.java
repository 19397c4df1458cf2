package io.cloister.channel.grpc;

import io.cloister.channel.handshake.ChannelBinding;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** The binding of a JDK TLS session. */
final class SessionBinding implements ChannelBinding {
    private final ExtendedSSLSession session;
    private final Bytes ownSpki;
    private final Bytes peerSpki;

    private SessionBinding(ExtendedSSLSession session, Bytes ownSpki, Bytes peerSpki) {
        this.session = session;
        this.ownSpki = ownSpki;
        this.peerSpki = peerSpki;
    }

    /** Empty unless this is TLS 1.3 with the expected cipher and a certificate from the peer. */
    static Optional<ChannelBinding> of(@Nullable SSLSession session, Bytes ownSpki) {
        if (!(session instanceof ExtendedSSLSession extended)
                || !TlsContexts.PROTOCOL.equals(session.getProtocol())
                || !TlsContexts.CIPHER.equals(session.getCipherSuite())) {
            return Optional.empty();
        }
        try {
            if (session.getPeerCertificates()[0] instanceof X509Certificate certificate) {
                return Optional.of(new SessionBinding(extended, ownSpki, TlsIdentity.spkiOf(certificate)));
            }
            return Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    @Override
    public Bytes ownSpki() {
        return ownSpki;
    }

    @Override
    public Bytes peerSpki() {
        return peerSpki;
    }

    @Override
    public SecretBytes export(String label, Bytes context, int length) {
        try {
            return SecretBytes.taking(session.exportKeyingMaterialData(label, context.toArray(), length));
        } catch (SSLException e) {
            throw new IllegalStateException("the TLS session has no exporter", e);
        }
    }
}
