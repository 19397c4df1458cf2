package io.cloister.api;

import io.cloister.codec.Bytes;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Nonces handed out to verifiers; each is good for one evidence and for a short time. When too many are open the oldest
 * goes: nobody is turned away for what others asked for.
 */
@ApplicationScoped
public class Challenges {
    static final int MAX = 10_000;
    private static final Duration LIFETIME = Duration.ofMinutes(5);
    private static final int LENGTH = 32;

    private final SecureRandom random = new SecureRandom();
    private final Map<Bytes, Instant> open = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Bytes, Instant> eldest) {
            return size() > MAX;
        }
    };

    /** A nonce and its end. */
    record Challenge(Bytes nonce, Instant expires) {}

    synchronized Challenge create() {
        byte[] nonce = new byte[LENGTH];
        random.nextBytes(nonce);
        Challenge challenge = new Challenge(Bytes.wrap(nonce), Instant.now().plus(LIFETIME));
        open.put(challenge.nonce(), challenge.expires());
        return challenge;
    }

    /** Uses a nonce up; whether it was one of ours and still good. */
    synchronized boolean use(Bytes nonce) {
        Instant expires = open.remove(nonce);
        return expires != null && !Instant.now().isAfter(expires);
    }
}
