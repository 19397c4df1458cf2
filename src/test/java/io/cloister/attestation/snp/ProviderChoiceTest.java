package io.cloister.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.snp.ProviderChoice.Trial;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ProviderChoiceTest {
    @Test
    void fastestSoundProviderServesFirst() {
        assertThat(ProviderChoice.order(List.of(
                        new Trial<>("slow", true, 900),
                        new Trial<>("fast", true, 100),
                        new Trial<>("middle", true, 500))))
                .containsExactly("fast", "middle", "slow");
    }

    @Test
    void unsoundProviderNeverServesHoweverFast() {
        assertThat(ProviderChoice.order(List.of(new Trial<>("wrong", false, 1), new Trial<>("right", true, 900))))
                .containsExactly("right");
        assertThat(ProviderChoice.order(List.of(new Trial<>("wrong", false, 1))))
                .isEmpty();
    }

    @Test
    void firstNamedIsPreferredOfTwoEquallyFast() {
        assertThat(ProviderChoice.order(List.of(new Trial<>("first", true, 5), new Trial<>("second", true, 5))))
                .containsExactly("first", "second");
    }

    @Test
    void oneWrongAnswerAmongRightOnesIsEnoughToBeRefused() {
        AtomicInteger asked = new AtomicInteger();

        assertThat(ProviderChoice.trial("flickering", () -> asked.incrementAndGet() != 2, () -> 0)
                        .sound())
                .isFalse();
        assertThat(ProviderChoice.trial("steady", () -> true, () -> 0).sound()).isTrue();
    }

    @Test
    void bestRoundCountsBecauseTheFirstLoadsClasses() {
        Iterator<Long> clock = List.of(0L, 90L, 100L, 107L, 200L, 230L).iterator();

        assertThat(ProviderChoice.trial("provider", () -> true, clock::next))
                .isEqualTo(new Trial<>("provider", true, 7));
    }

    @Test
    void measuredProviderIsOneOfTheSound() {
        assertThat(SignatureProvider.available()).contains(SignatureProvider.fastest(System::nanoTime));
    }

    @Test
    void onlyCorrettoAndBouncyCastleAreCandidates() {
        assertThat(SignatureProvider.available())
                .extracting(SignatureProvider::name)
                .isSubsetOf("accp", "bc")
                .contains("bc");
    }
}
