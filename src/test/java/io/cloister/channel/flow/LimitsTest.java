package io.cloister.channel.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LimitsTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void bucketGivesItsBurstAndThenItsRate() {
        TokenBucket bucket = new TokenBucket(3, 2, 0);

        assertThat(taken(bucket, 5, 0)).isEqualTo(3);
        assertThat(taken(bucket, 5, SECOND / 2)).isEqualTo(1);
        assertThat(taken(bucket, 9, 100 * SECOND)).isEqualTo(3);
    }

    @Test
    void aClockThatStepsBackGivesNothing() {
        TokenBucket bucket = new TokenBucket(1, 1, 10 * SECOND);
        bucket.take(10 * SECOND);

        assertThat(bucket.take(0)).isFalse();
        assertThat(bucket.take(11 * SECOND)).isTrue();
    }

    private static int taken(TokenBucket bucket, int attempts, long now) {
        int taken = 0;
        for (int i = 0; i < attempts; i++) {
            taken += bucket.take(now) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void addressesAreLimitedEachOnItsOwn() {
        AttemptLimiter limiter = new AttemptLimiter(2, 1, 10);

        assertThat(limiter.allow("a", 0)).isTrue();
        assertThat(limiter.allow("a", 0)).isTrue();
        assertThat(limiter.allow("a", 0)).isFalse();
        assertThat(limiter.allow("b", 0)).isTrue();
        assertThat(limiter.allow("a", SECOND)).isTrue();
    }

    @Test
    void remembersABoundedNumberOfAddresses() {
        AttemptLimiter limiter = new AttemptLimiter(2, 1, 10);
        for (int i = 0; i < 1000; i++) {
            limiter.allow("address " + i, 0);
        }
        assertThat(limiter.addresses()).isEqualTo(10);
        assertThat(limiter.allow("another", 0)).isFalse();

        assertThat(limiter.allow("another", 10 * SECOND)).isTrue();
        assertThat(limiter.addresses()).isEqualTo(1);
    }

    @Test
    void placesAreLimitedInAllAndForEachAddress() {
        Slots slots = new Slots(3, 2);

        assertThat(slots.take("a")).isTrue();
        assertThat(slots.take("a")).isTrue();
        assertThat(slots.take("a")).isFalse();
        assertThat(slots.take("b")).isTrue();
        assertThat(slots.take("c")).isFalse();
        slots.release("a");
        assertThat(slots.take("c")).isTrue();
        assertThat(slots.used()).isEqualTo(3);
    }

    @Test
    void scoreBansAtTheLimitUntilEnoughHasFaded() {
        PeerScore score = new PeerScore();

        assertThat(score.add(PeerScore.BROKEN_FRAME, 0)).isFalse();
        assertThat(score.isBanned(0)).isFalse();
        assertThat(score.add(PeerScore.BROKEN_FRAME, 20_000)).isTrue();
        assertThat(score.isBanned(120_000)).isTrue();
        assertThat(score.isBanned(120_001)).isFalse();
        assertThat(score.add(PeerScore.IMPATIENCE, 200_000)).isFalse();
    }

    @Test
    void rareFaultsAreForgotten() {
        PeerScore score = new PeerScore();
        for (long now = 0; now < 3_600_000; now += 60_000) {
            assertThat(score.add(PeerScore.BROKEN_FRAME, now)).isFalse();
        }
    }

    @Test
    void scoreDoesNotGrowWithoutEnd() {
        PeerScore score = new PeerScore();
        for (int i = 0; i < 100_000; i++) {
            score.add(PeerScore.BROKEN_FRAME, 0);
        }

        assertThat(score.isBanned(100_001)).isFalse();
    }

    @Test
    void backoffDoublesUpToItsCapWithinItsSpread() {
        Backoff backoff = new Backoff(200, 1000);

        assertThat(backoff.next(0)).isEqualTo(100);
        assertThat(backoff.next(0.999)).isBetween(398L, 400L);
        assertThat(backoff.next(0)).isEqualTo(400);
        assertThat(backoff.next(0.999)).isBetween(998L, 1000L);
        for (int i = 0; i < 100; i++) {
            assertThat(backoff.next(0.5)).isEqualTo(750);
        }
        backoff.reset();
        assertThat(backoff.next(0)).isEqualTo(100);
    }
}
