package io.cloister.consensus.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TimelinessTest {
    private static final long PROPOSED = 1_000_000;

    private final Timeliness timeliness = new Timeliness(1_500, 2_500);

    private boolean holds(long after, int round) {
        return timeliness.holds(PROPOSED, PROPOSED + after, round);
    }

    @Test
    void aProposalMayComeAsEarlyAsClocksAreApart() {
        assertThat(holds(-1_500, 0)).isTrue();
        assertThat(holds(-1_501, 0)).isFalse();
        assertThat(holds(-1_501, 100)).isFalse(); // a later round does not let anybody be ahead of time
    }

    @Test
    void aProposalMayBeUnderWayForTheDelayAndThePrecision() {
        assertThat(holds(4_000, 0)).isTrue();
        assertThat(holds(4_001, 0)).isFalse();
    }

    @Test
    void eachRoundAddsAQuarterOfTheDelayUpToABound() {
        assertThat(holds(4_625, 1)).isTrue();
        assertThat(holds(4_626, 1)).isFalse();
        assertThat(holds(4_000 + 62_500, 100)).isTrue();
        assertThat(holds(4_000 + 62_501, 100)).isFalse();
        assertThat(holds(4_000 + 62_501, 1_000_000)).isFalse();
    }

    @Test
    void boundsArePositive() {
        assertThatThrownBy(() -> new Timeliness(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Timeliness(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
