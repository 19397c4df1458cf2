package io.cloister.tests.process;

import java.security.cert.X509Certificate;
import javax.net.ssl.X509TrustManager;

/** For tests that compare the certificate themselves, or do not care for it. */
final class TrustWhateverIsShown implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
