package io.cloister.mpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.mpc.Fault;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A dealer that signs two dealings for one instance and shows them to different members, or to the same one. */
class EquivocationTest {
    private final Simulation simulation = new Simulation(4, 51);
    private final Equivocator equivocator = new Equivocator(simulation, 1, 3);

    private void finishes() {
        simulation.until(
                "pool",
                120_000,
                () -> simulation.keys().poolLevel() >= 2 && simulation.keys().heldBy(3) >= 2);
        assertThat(simulation.nodes.values().stream().flatMap(n -> n.reports.stream()))
                .allMatch(r -> r.slot() == 1);
        assertThat(simulation.alarms).isEmpty();
        for (Simulation.Node node : simulation.nodes.values()) {
            assertThat(node.machine.orElseThrow().hasKeyShare("signing")).isTrue();
        }
    }

    @Test
    void neitherOfTwoDealingsForDifferentMembersSpoilsATranscript() {
        simulation.nodes.get(1).filter = equivocator;
        finishes();
    }

    @Test
    void namesADealerThatShowsOneMemberTwoDealings() {
        boolean[] second = new boolean[1];
        simulation.nodes.get(1).filter = effect -> {
            Optional<Message.DealingPush> other = equivocator.other(effect);
            if (other.isPresent() && !second[0]) {
                second[0] = true;
                simulation.nodes.get(3).step(new Input.Received(1, other.get(), 0));
            }
            return Optional.of(effect);
        };
        finishes();
        assertThat(simulation.faultsSeenOf(1)).contains(Fault.EQUIVOCATION);
    }
}
