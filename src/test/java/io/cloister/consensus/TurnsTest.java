package io.cloister.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who proposes, and who counts as absent. */
class TurnsTest {
    private static final int TRIES = 200;

    private final SplittableRandom random = new SplittableRandom(11);
    private final ValidatorSet four = TestKeys.validators(List.of(1L, 1L, 1L, 1L));

    private ValidatorSet anySet() {
        return TestKeys.validators(IntStream.range(0, 1 + random.nextInt(9))
                .mapToObj(i -> 1 + random.nextLong(20))
                .toList());
    }

    private List<Integer> anyAbsent(ValidatorSet set) {
        return set.validators().stream()
                .map(Validator::slot)
                .filter(slot -> random.nextInt(3) > 0)
                .toList();
    }

    @Test
    void eachProposesAtLeastOnceInTwiceAsManyHeightsAsThereAreValidators() {
        for (int i = 0; i < TRIES; i++) {
            ValidatorSet set = anySet();
            List<Integer> absent = anyAbsent(set);
            long from = 1 + random.nextInt(1_000);
            Set<Validator> proposers = new HashSet<>();
            for (long height = from; height < from + 2L * set.size(); height++) {
                proposers.add(Turns.proposer(set, absent, height, 0));
            }
            assertThat(proposers).containsExactlyInAnyOrderElementsOf(set.validators());
        }
    }

    @Test
    void anyAsManyRoundsAsThereAreValidatorsHaveEachOnce() {
        for (int i = 0; i < TRIES; i++) {
            ValidatorSet set = anySet();
            List<Integer> absent = anyAbsent(set);
            long height = 1 + random.nextInt(1_000);
            int from = random.nextInt(50);
            List<Validator> proposers = IntStream.range(from, from + set.size())
                    .mapToObj(round -> Turns.proposer(set, absent, height, round))
                    .toList();
            assertThat(proposers).containsExactlyInAnyOrderElementsOf(set.validators());
        }
    }

    @Test
    void theHeightsBetweenAreSharedByWeightAmongThoseWhoAreNotAbsent() {
        ValidatorSet set = TestKeys.validators(List.of(1L, 2L, 3L, 4L, 10L));
        Map<Integer, Integer> turns = new HashMap<>();
        int heights = 10_000;
        for (long turn = 0; turn < heights; turn++) {
            int slot = Turns.proposer(set, List.of(5), 2 * turn + 1, 0).slot();
            turns.merge(slot, 1, Integer::sum);
        }
        assertThat(turns.keySet()).containsExactlyInAnyOrder(1, 2, 3, 4);
        turns.forEach((slot, times) ->
                assertThat((double) times / heights).isBetween(slot / 10.0 - 0.005, slot / 10.0 + 0.005));
    }

    @Test
    void theSharesAreSpreadEvenlyAndNotInRuns() {
        ValidatorSet set = TestKeys.validators(List.of(1L, 1L, 1L, 1L));
        for (long from = 0; from < 1_000; from += 40) {
            Map<Integer, Integer> turns = new HashMap<>();
            for (long turn = from; turn < from + 40; turn++) {
                turns.merge(Turns.proposer(set, List.of(), 2 * turn + 1, 0).slot(), 1, Integer::sum);
            }
            assertThat(turns.values()).allSatisfy(times -> assertThat(times).isBetween(7, 13));
        }
    }

    @Test
    void everySecondHeightGoesOnWithTheNextValidatorWhateverItsWeight() {
        ValidatorSet set = TestKeys.validators(List.of(1L, 100L, 1L));
        for (long turn = 0; turn < 30; turn++) {
            assertThat(Turns.proposer(set, List.of(1, 3), 2 * turn, 0)).isEqualTo(set.at((int) (turn % 3)));
        }
    }

    @Test
    void theAbsentComeLastInTheRoundsOfAHeight() {
        // height 8 begins with slot 1
        List<Integer> order = IntStream.range(0, 4)
                .mapToObj(round -> Turns.proposer(four, List.of(2, 3), 8, round).slot())
                .toList();
        assertThat(order).containsExactly(1, 4, 2, 3);
    }

    @Test
    void whenAllAreAbsentEachStillHasItsTurn() {
        List<Integer> all = List.of(1, 2, 3, 4);
        Set<Integer> proposers = new HashSet<>();
        for (long height = 1; height <= 8; height += 2) {
            proposers.add(Turns.proposer(four, all, height, 0).slot());
        }
        assertThat(proposers).containsExactlyInAnyOrder(1, 2, 3, 4);
    }

    @Test
    void whoLetsItsRoundsPassIsAbsentAndWhoProposesIsNot() {
        assertThat(Turns.absent(four, List.of(), 8, 0)).isEmpty();
        assertThat(Turns.absent(four, List.of(), 8, 2)).containsExactly(1, 2);
        assertThat(Turns.absent(four, List.of(1), 8, 0)).isEmpty();
        assertThat(Turns.absent(four, List.of(3), 8, 1)).containsExactly(1, 3); // slot 2 made it, 3 stays what it was
        assertThat(Turns.absent(four, List.of(), 8, 3)).containsExactly(1, 2, 3);
        assertThat(Turns.absent(four, List.of(), 8, 1_000_000)).containsExactly(2, 3, 4);
    }

    @Test
    void whoIsNoLongerAValidatorIsNotAbsent() {
        ValidatorSet three = new ValidatorSet(four.validators().subList(0, 3));
        assertThat(Turns.absent(three, List.of(2, 4), 6, 0)).containsExactly(2);
    }

    @Test
    void anAbsentValidatorComesBackWithinTwiceAsManyHeightsAsThereAreValidators() {
        List<Integer> absent = List.of(1, 2, 3, 4);
        List<Long> heights = new ArrayList<>();
        for (long height = 1; height <= 8; height++) {
            absent = Turns.absent(four, absent, height, 0);
            heights.add(height);
        }
        assertThat(absent)
                .as("after heights %s that all were made in round 0", heights)
                .isEmpty();
    }
}
