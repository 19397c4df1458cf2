package io.cloister.channel.grpc;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Takes any single self-signed P-256 certificate: TLS proves that the peer holds the key, the attested handshake proves
 * whose key it is. Names and dates mean nothing here, so they are not looked at.
 */
final class PeerTrust extends X509ExtendedTrustManager {
    private static final int MAX_BYTES = 2048;

    static boolean isSelfSignedP256(X509Certificate certificate) {
        if (!TlsIdentity.isP256(certificate)) {
            return false;
        }
        try {
            certificate.verify(certificate.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static void check(X509Certificate[] chain) throws CertificateException {
        if (chain.length != 1 || tooLarge(chain[0]) || !isSelfSignedP256(chain[0])) {
            throw new CertificateException("not one self-signed P-256 certificate");
        }
    }

    private static boolean tooLarge(X509Certificate certificate) throws CertificateEncodingException {
        return certificate.getEncoded().length > MAX_BYTES;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
