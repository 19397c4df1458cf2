package io.cloister.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentTest {
    @Test
    void keepsTheEntriesUsedLast() {
        Recent<Integer, String> recent = new Recent<>(2);
        recent.put(1, "one");
        recent.put(2, "two");
        assertThat(recent.get(1)).contains("one");
        recent.put(3, "three");

        assertThat(recent.size()).isEqualTo(2);
        assertThat(recent.get(2)).isEmpty();
        assertThat(recent.get(1)).contains("one");
        assertThat(recent.get(3)).contains("three");
    }

    @Test
    void keepsNothingWithoutRoom() {
        Recent<Integer, String> none = new Recent<>(0);
        none.put(1, "one");

        assertThat(none.get(1)).isEmpty();
        assertThat(none.size()).isZero();
    }
}
