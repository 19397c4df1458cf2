package io.cloister.api;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Nonces handed out to verifiers; each is good for one evidence and for a short time. A nonce carries its own end under
 * a key of this boot, so nothing is remembered until it is used, and whoever asks for many takes nothing from others:
 *
 * <pre>first 8 bytes of SHA-256("cloister/challenge/v1") || u64 end || 16 random bytes || 16 bytes of HMAC-SHA-256</pre>
 *
 * <p>A nonce that begins otherwise is a verifier's own, and only the verifier can know whether it is fresh.
 */
@ApplicationScoped
public class Challenges {
    /** Used nonces remembered, at most; evidence is made too slowly to reach it within a nonce's life. */
    static final int MAX_USED = 20_000;

    static final Duration LIFETIME = Duration.ofMinutes(5);

    private static final Bytes PREFIX =
            Hashes.sha256(Bytes.utf8("cloister/challenge/v1")).slice(0, 8);
    private static final int RANDOM = 16;
    private static final int TAG = 16;
    private static final int UNSEALED = PREFIX.length() + Long.BYTES + RANDOM;

    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Bytes key = randomBytes(32);
    private final Map<Bytes, Instant> used = new LinkedHashMap<>();

    private Instant latest = Instant.MIN;

    public Challenges() {
        this(running());
    }

    Challenges(InstantSource clock) {
        this.clock = clock;
    }

    /** The time of this boot's beginning and what has passed since: nobody sets it. */
    private static InstantSource running() {
        Instant begun = Instant.now();
        long nanos = System.nanoTime();
        return () -> begun.plusNanos(System.nanoTime() - nanos);
    }

    /** A nonce and its end. */
    record Challenge(Bytes nonce, Instant expires) {}

    Challenge create() {
        Instant expires = Instant.ofEpochMilli(now().plus(LIFETIME).toEpochMilli());
        Bytes unsealed =
                Bytes.concat(PREFIX, new Writer().u64(expires.toEpochMilli()).toBytes(), randomBytes(RANDOM));
        return new Challenge(Bytes.concat(unsealed, tag(unsealed)), expires);
    }

    /**
     * Uses a nonce up, if it is one of ours.
     *
     * @throws ApiException 409 for one of ours that was used before, has expired, or is of another boot or made up
     */
    synchronized void use(Bytes nonce) {
        if (!nonce.startsWith(PREFIX)) {
            return;
        }
        if (nonce.length() != UNSEALED + TAG || !isSealed(nonce)) {
            throw ApiException.conflict("challenge-unknown", "this boot of the node has not handed out this nonce");
        }
        Instant now = now();
        Instant expires = Instant.ofEpochMilli(
                nonce.slice(PREFIX.length(), Long.BYTES).buffer().getLong());
        if (now.isAfter(expires)) {
            throw ApiException.conflict("challenge-expired", "the nonce was good until " + expires);
        }
        used.values().removeIf(now::isAfter);
        if (used.size() >= MAX_USED) {
            throw ApiException.unavailable("attestation-unavailable", "too many nonces are in use");
        }
        if (used.putIfAbsent(nonce, expires) != null) {
            throw ApiException.conflict("challenge-used", "the nonce has had its evidence; ask for another");
        }
    }

    /** Never goes back: what has expired is forgotten, and must not be good again. */
    private synchronized Instant now() {
        Instant read = clock.instant();
        latest = read.isAfter(latest) ? read : latest;
        return latest;
    }

    private boolean isSealed(Bytes nonce) {
        Bytes given = nonce.slice(UNSEALED, TAG);
        return MessageDigest.isEqual(
                given.toArray(), tag(nonce.slice(0, UNSEALED)).toArray());
    }

    private Bytes tag(Bytes unsealed) {
        return Hashes.hmacSha256(key, unsealed).slice(0, TAG);
    }

    private Bytes randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }
}
