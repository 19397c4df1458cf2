package io.cloister.consensus.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProposeDelayTest {
    private static final Timeouts TIMEOUTS = new Timeouts(1_000, 400, 250, 100, 10_000);

    private final ProposeDelay delay = new ProposeDelay(TIMEOUTS);

    private void observe(long millis, int times) {
        for (int i = 0; i < times; i++) {
            delay.observed(millis);
        }
    }

    @Test
    void beginsWithTheConfiguredBase() {
        assertThat(delay.base()).isEqualTo(1_000);
    }

    @Test
    void isFourTimesWhatProposalsTake() {
        observe(500, 100);
        assertThat(delay.base()).isBetween(1_950L, 2_010L);
        observe(100, 100);
        assertThat(delay.base()).isBetween(395L, 420L);
    }

    @Test
    void isNeverBelowAQuarterOfTheBaseNorAboveTheCap() {
        observe(0, 200);
        assertThat(delay.base()).isEqualTo(250);
        observe(Long.MAX_VALUE, 200);
        assertThat(delay.base()).isEqualTo(10_000);
        observe(-5, 200);
        assertThat(delay.base()).isEqualTo(250);
    }

    @Test
    void oneSlowProposalMovesItByAnEighthAndIsForgotten() {
        observe(250, 50);
        long before = delay.base();
        delay.observed(2_250);
        assertThat(delay.base() - before).isBetween(990L, 1_010L);
        observe(250, 40);
        assertThat(delay.base()).isBetween(before - 20, before + 20);
    }
}
