package io.cloister.cli;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS to a node. Its certificate is its own and of this boot, so names and authorities say nothing: what counts is that
 * the key is the one that the node's evidence binds. Until that is known, the key of the first connection is kept and
 * any other refused.
 */
final class PinnedTls {
    private volatile Optional<Bytes> spki = Optional.empty();

    /** SHA-256 of the SubjectPublicKeyInfo that the server has shown; empty before the first connection. */
    Optional<Bytes> spki() {
        return spki;
    }

    /** Accepts the key that the server shows next: it has been restarted. */
    void forget() {
        spki = Optional.empty();
    }

    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(null, new TrustManager[] {new Keeper()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized void check(X509Certificate[] chain) throws CertificateException {
        if (chain.length == 0) {
            throw new CertificateException("the server shows no certificate");
        }
        Bytes shown = Hashes.sha256(Bytes.of(chain[0].getPublicKey().getEncoded()));
        if (spki.isPresent() && !spki.get().equals(shown)) {
            throw new CertificateException("the server has another key than before");
        }
        spki = Optional.of(shown);
    }

    /** An extended trust manager is asked instead of the check of host names. */
    private final class Keeper extends X509ExtendedTrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            throw new CertificateException("clients are not judged here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("clients are not judged here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("clients are not judged here");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
