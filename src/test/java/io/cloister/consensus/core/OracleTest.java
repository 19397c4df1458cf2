package io.cloister.consensus.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The production rules against a second, straight transliteration of the paper on random inputs: honest, equivocating
 * and senseless ones, up to majorities of liars. After each input both must have done the same and stand at the same
 * place.
 */
class OracleTest {
    private static final int RUNS = 1_200;

    @Test
    void agreesWithTheTransliterationOnRandomInputs() {
        Map<String, Integer> seen = new HashMap<>();
        for (long seed = 0; seed < RUNS; seed++) {
            new OracleRun(seed).play(seen);
        }
        assertThat(seen.keySet())
                .as("the inputs must reach every kind of effect")
                .contains("decide", "halt", "build", "propose", "arm", "vote");
        System.out.println("consensus oracle: " + RUNS + " runs, effects compared " + seen);
    }
}
