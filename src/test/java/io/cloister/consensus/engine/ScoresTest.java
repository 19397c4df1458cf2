package io.cloister.consensus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.core.Refusal;
import org.junit.jupiter.api.Test;

class ScoresTest {
    private static final Bytes PEER = TestKeys.nodeId(1);

    private final Scores scores = new Scores();

    @Test
    void mutesWhoKeepsSendingRubbishAndForgivesLater() {
        for (int i = 0; i < 5; i++) {
            scores.refused(PEER, Refusal.BAD_SIGNATURE);
            assertThat(scores.isMuted(PEER)).isFalse();
        }
        scores.refused(PEER, Refusal.BAD_SIGNATURE);
        assertThat(scores.isMuted(PEER)).isTrue();
        assertThat(scores.isMuted(TestKeys.nodeId(2))).isFalse();
        for (int i = 0; i < 60; i++) {
            scores.fade();
        }
        assertThat(scores.isMuted(PEER)).isFalse();
    }

    @Test
    void pointsStayBounded() {
        for (int i = 0; i < 10_000; i++) {
            scores.refused(PEER, Refusal.MALFORMED);
        }
        assertThat(scores.points().get(PEER)).isEqualTo(Scores.MUTE + 1);
    }

    @Test
    void slownessAloneNeverMutes() {
        for (int i = 0; i < 50; i++) {
            scores.refused(PEER, Refusal.UNPROVEN_HEIGHT);
            scores.fade();
        }
        assertThat(scores.isMuted(PEER)).isFalse();
    }
}
