package io.cloister.api;

import io.cloister.codec.Bytes;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Nonces handed out to verifiers; each is good for one evidence and for a short time. */
@ApplicationScoped
public class Challenges {
    private static final Duration LIFETIME = Duration.ofMinutes(5);
    private static final int MAX = 10_000;
    private static final int LENGTH = 32;

    private final SecureRandom random = new SecureRandom();
    private final Map<Bytes, Instant> open = new LinkedHashMap<>();

    /** A nonce and its end. */
    record Challenge(Bytes nonce, Instant expires) {}

    synchronized Challenge create() {
        Instant now = Instant.now();
        open.values().removeIf(now::isAfter);
        if (open.size() >= MAX) {
            throw ApiException.tooMany((int) LIFETIME.toSeconds());
        }
        byte[] nonce = new byte[LENGTH];
        random.nextBytes(nonce);
        Challenge challenge = new Challenge(Bytes.wrap(nonce), now.plus(LIFETIME));
        open.put(challenge.nonce(), challenge.expires());
        return challenge;
    }

    /** Uses a nonce up, when it is one of ours. */
    synchronized void used(Bytes nonce) {
        open.remove(nonce);
    }
}
