package io.cloister.multichain.rpc;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Where a chain node listens. Credentials never show in its text. */
public final class Endpoint {
    private final URI uri;
    private final Optional<String> authorization;

    private Endpoint(URI uri, Optional<String> authorization) {
        this.uri = uri;
        this.authorization = authorization;
    }

    /**
     * Reads {@code http(s)://[user:password@]host[:port][/path]}.
     *
     * @throws IllegalArgumentException when it is nothing of the kind; the message does not repeat it
     */
    public static Endpoint parse(String text) {
        URI given;
        try {
            given = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("an endpoint is a URL with http or https");
        }
        boolean http = "http".equals(given.getScheme()) || "https".equals(given.getScheme());
        if (!http || given.getHost() == null || given.getFragment() != null) {
            throw new IllegalArgumentException("an endpoint is a URL with http or https and a host");
        }
        String bare = given.getScheme() + "://" + given.getHost()
                + (given.getPort() < 0 ? "" : ":" + given.getPort())
                + (given.getRawPath() == null || given.getRawPath().isEmpty() ? "/" : given.getRawPath())
                + (given.getRawQuery() == null ? "" : "?" + given.getRawQuery());
        Optional<String> authorization = Optional.ofNullable(given.getUserInfo())
                .map(user -> "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)));
        return new Endpoint(URI.create(bare), authorization);
    }

    URI uri() {
        return uri;
    }

    Optional<String> authorization() {
        return authorization;
    }

    /** Scheme, host and port; paths and queries often carry keys. */
    @Override
    public String toString() {
        return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }
}
