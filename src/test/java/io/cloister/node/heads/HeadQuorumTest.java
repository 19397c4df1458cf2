package io.cloister.node.heads;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadQuorumTest {
    @ParameterizedTest
    @CsvSource({"1, 0", "2, 1", "3, 1", "4, 2", "5, 3", "7, 4", "8, 5", "31, 20", "100, 66"})
    void isHalfOfTheOthersAndTheFaulty(int members, int quorum) {
        assertThat(HeadQuorum.of(members - 1)).isEqualTo(quorum);
    }

    @Test
    void twoShareAnHonestOneWhenTheRestoredNodeIsAmongTheFaultyAndOneIsLeftWhenTheFaultyAreSilent() {
        for (int n = 4; n <= 200; n++) {
            int others = n - 1;
            int faulty = others / 3;
            int quorum = HeadQuorum.of(others);
            assertThat(2 * quorum - others).as("n = " + n).isGreaterThan(faulty - 1);
            assertThat(others - faulty).as("n = " + n).isGreaterThanOrEqualTo(quorum);
        }
    }
}
