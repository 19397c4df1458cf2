package io.cloister.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.Grade;
import io.cloister.attestation.Verdict;
import io.cloister.channel.PeerStatus;
import io.cloister.channel.Refusal;
import io.cloister.codec.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PeerViewTest {
    private static final Verdict VERDICT = new Verdict(
            true, Grade.B, List.of(), new TreeMap<>(Map.of("grade.reasons", "smt-enabled,custody-unknown")));

    private static PeerView live(Grade grade) {
        return PeerView.of(
                new PeerStatus(
                        Bytes.zeros(33),
                        true,
                        Optional.of(VERDICT),
                        Optional.of(grade),
                        Optional.of(Duration.ofMillis(61_500)),
                        3,
                        Instant.EPOCH,
                        Optional.empty()),
                Optional.of(2));
    }

    @Test
    void saysHowOldTheEvidenceIsAndWhyTheGradeIsNoBetter() {
        PeerView view = live(Grade.B);
        assertThat(view.ageSeconds()).isEqualTo(61);
        assertThat(view.grade()).isEqualTo("B");
        assertThat(view.reasons()).containsExactly("smt-enabled", "custody-unknown");
    }

    @Test
    void aGradeThatIsLowerThanTheVerdictsLacksEvidence() {
        assertThat(live(Grade.C).reasons()).containsExactly("smt-enabled", "custody-unknown", "evidence-lacking");
    }

    @Test
    void saysWhyThereIsNoConnection() {
        PeerView view = PeerView.of(
                new PeerStatus(
                        Bytes.zeros(33),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        Instant.EPOCH,
                        Optional.of(Refusal.EVIDENCE_REJECTED)),
                Optional.empty());
        assertThat(view.reasons()).containsExactly("evidence-rejected");
        assertThat(view.ageSeconds()).isNull();
    }
}
