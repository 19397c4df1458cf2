package io.cloister.attestation.kds;

import java.net.URI;
import java.util.Set;
import java.util.regex.Pattern;

/** The address of a remote source, in front of its paths. */
final class RemoteBase {
    private static final Set<String> PLAIN_HOSTS = Set.of("localhost", "[::1]", "169.254.169.254");
    private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}");

    private RemoteBase() {}

    /**
     * Its text without a slash at the end.
     *
     * @throws IllegalArgumentException unless it is https, or http on the loopback or Azure's metadata address, with
     *     nothing in it but scheme, host, port and path
     */
    static String check(URI base) {
        String host = base.getHost();
        if (host == null
                || base.getRawUserInfo() != null
                || base.getRawQuery() != null
                || base.getRawFragment() != null) {
            throw new IllegalArgumentException("a source of collateral is scheme, host, port and path: " + base);
        }
        boolean plain = PLAIN_HOSTS.contains(host) || LOOPBACK.matcher(host).matches();
        if (!"https".equals(base.getScheme()) && !("http".equals(base.getScheme()) && plain)) {
            throw new IllegalArgumentException("a source of collateral needs https: " + base);
        }
        String text = base.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }
}
