package io.cloister.api;

import static io.cloister.api.GatewaysTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ChallengesTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-20T12:00:00Z"));
    private final Challenges challenges = new Challenges(now::get);

    private void refuses(Bytes nonce, String code) {
        assertThatThrownBy(() -> challenges.use(nonce)).satisfies(e -> assertProblem(e, 409, code));
    }

    private void takes(Bytes nonce) {
        assertThatCode(() -> challenges.use(nonce)).doesNotThrowAnyException();
    }

    @Test
    void aNonceIsGoodOnce() {
        Bytes nonce = challenges.create().nonce();
        takes(nonce);
        refuses(nonce, "challenge-used");
        now.set(now.get().plus(Challenges.LIFETIME));
        refuses(nonce, "challenge-used");
        now.set(now.get().plusMillis(1));
        refuses(nonce, "challenge-expired");
    }

    @Test
    void aNonceThatWasNeverUsedExpires() {
        Challenges.Challenge challenge = challenges.create();
        assertThat(challenge.expires()).isEqualTo(now.get().plus(Challenges.LIFETIME));
        now.set(challenge.expires());
        takes(challenge.nonce());
        Bytes later = challenges.create().nonce();
        now.set(now.get().plus(Challenges.LIFETIME).plusMillis(1));
        refuses(later, "challenge-expired");
    }

    /** The host may set a guest's clock. */
    @Test
    void aClockThatIsSetBackBringsNoUsedNonceBack() {
        Bytes nonce = challenges.create().nonce();
        Instant before = now.get();
        takes(nonce);
        now.set(before.plus(Challenges.LIFETIME).plusMillis(1));
        takes(challenges.create().nonce());
        now.set(before);
        refuses(nonce, "challenge-expired");
    }

    @Test
    void aNonceOfAnotherBootOrWithAnotherEndIsNotOurs() {
        refuses(new Challenges(now::get).create().nonce(), "challenge-unknown");
        Bytes nonce = challenges.create().nonce();
        for (int at = 8; at < nonce.length(); at++) {
            byte[] changed = nonce.toArray();
            changed[at] ^= 1;
            refuses(Bytes.wrap(changed), "challenge-unknown");
        }
        refuses(nonce.slice(0, nonce.length() - 1), "challenge-unknown");
        refuses(Bytes.concat(nonce, Bytes.zeros(1)), "challenge-unknown");
        takes(nonce);
    }

    @Test
    void aVerifiersOwnNonceIsItsOwnBusiness() {
        takes(Bytes.zeros(32));
        takes(Bytes.zeros(32));
    }

    @Test
    void whoAsksForManyTakesNothingFromOthers() {
        Bytes first = challenges.create().nonce();
        Set<Bytes> all = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            all.add(challenges.create().nonce());
        }
        assertThat(all).hasSize(10_000);
        takes(first);
    }

    @Test
    void whatIsRememberedIsBounded() {
        for (int i = 0; i < Challenges.MAX_USED; i++) {
            challenges.use(challenges.create().nonce());
        }
        Bytes oneMore = challenges.create().nonce();
        assertThatThrownBy(() -> challenges.use(oneMore))
                .satisfies(e -> assertProblem(e, 503, "attestation-unavailable"));
        now.set(now.get().plus(Challenges.LIFETIME).plusMillis(1));
        takes(challenges.create().nonce());
    }
}
