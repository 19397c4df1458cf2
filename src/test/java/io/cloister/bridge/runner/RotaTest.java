package io.cloister.bridge.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RotaTest {
    private Instant now = Instant.EPOCH;
    private final Rota<Integer> rota = new Rota<>(() -> now);

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    @Test
    void asManyAsThereIsRoomForAreAllWorkedOn() {
        assertThat(rota.now(range(0, Rota.MOST))).isEqualTo(range(0, Rota.MOST));
    }

    @Test
    void ofMoreTheSameAreWorkedOnForASpellAndThenThoseThatFollow() {
        List<Integer> open = range(0, 2 * Rota.MOST + 100);
        assertThat(rota.now(open)).isEqualTo(range(0, Rota.MOST));
        now = now.plus(Rota.SPELL).minusMillis(1);
        assertThat(rota.now(open)).isEqualTo(range(0, Rota.MOST));
        now = now.plusMillis(1);
        assertThat(rota.now(open)).isEqualTo(range(Rota.MOST, 2 * Rota.MOST));
        now = now.plus(Rota.SPELL);
        Set<Integer> around = new HashSet<>(range(2 * Rota.MOST, 2 * Rota.MOST + 100));
        around.addAll(range(0, Rota.MOST - 100));
        assertThat(new HashSet<>(rota.now(open))).isEqualTo(around);
    }

    @Test
    void whatIsDoneMakesRoomForTheNextAtOnce() {
        TreeSet<Integer> open = new TreeSet<>(range(0, 10 * Rota.MOST));
        for (int step = 0; step < 10; step++) {
            List<Integer> chosen = rota.now(open);
            assertThat(chosen).hasSize(Rota.MOST);
            chosen.forEach(open::remove);
        }
        assertThat(open).isEmpty();
    }
}
