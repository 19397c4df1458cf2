package io.cloister.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import org.junit.jupiter.api.Test;

class ChallengesTest {
    private final Challenges challenges = new Challenges();

    @Test
    void aNonceIsGoodOnce() {
        Bytes nonce = challenges.create().nonce();
        assertThat(challenges.use(nonce)).isTrue();
        assertThat(challenges.use(nonce)).isFalse();
        assertThat(challenges.use(Bytes.zeros(32))).isFalse();
    }

    @Test
    void theOldestGoesWhenTooManyAreOpenAndNobodyIsTurnedAway() {
        Bytes first = challenges.create().nonce();
        Bytes second = challenges.create().nonce();
        for (int i = 2; i < Challenges.MAX; i++) {
            challenges.create();
        }
        Bytes last = challenges.create().nonce();
        assertThat(challenges.use(first)).isFalse();
        assertThat(challenges.use(second)).isTrue();
        assertThat(challenges.use(last)).isTrue();
    }
}
