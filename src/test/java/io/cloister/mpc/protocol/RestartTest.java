package io.cloister.mpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Ecdsa;
import io.cloister.mpc.board.Generation;
import io.cloister.mpc.board.RequestState;
import io.cloister.mpc.board.SigningRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a restart loses, what it does not, and that every request is still answered once. */
class RestartTest {
    private static Simulation ready(int size, long seed) {
        Simulation simulation = new Simulation(size, seed);
        simulation.until(
                "keys",
                60_000,
                () -> simulation.keys().signingKey().isPresent()
                        && simulation.keys().beaconKey().isPresent());
        simulation.until("pool", 60_000, () -> simulation.keys().poolLevel() >= 4);
        return simulation;
    }

    private static void answeredOnce(Simulation simulation, List<SigningRequest> requests) {
        simulation.until("answers", 120_000, () -> simulation.answers.size() == requests.size());
        simulation.run(3_000);
        for (SigningRequest request : requests) {
            assertThat(simulation.answered).containsEntry(request.requestId(), 1);
            assertThat(Ecdsa.verify(
                            simulation.keys().derivedKey(request.path()).orElseThrow(),
                            request.digest(),
                            simulation.answers.get(request.requestId())))
                    .isTrue();
        }
        assertThat(simulation.alarms).isEmpty();
        assertThat(simulation.nodes.values()).allMatch(n -> n.reports.isEmpty());
    }

    @Test
    void retiresTheOldBootInTheBlockThatOrdersTheNewOneAndRefillsThePool() {
        Simulation simulation = ready(4, 21);
        simulation.until(
                "all hold",
                20_000,
                () -> simulation.keys().heldBy(3) == simulation.keys().poolLevel());
        simulation.kill(3);
        simulation.restart(3);
        simulation.run(Simulation.BLOCK_MILLIS);
        assertThat(simulation.keys().heldBy(3)).isZero();
        assertThat(simulation.keys().poolLevel()).as("three holders are enough").isPositive();

        simulation.kill(4);
        simulation.restart(4);
        simulation.run(Simulation.BLOCK_MILLIS);
        assertThat(simulation.keys().poolLevel()).as("two holders are not").isZero();
        simulation.until(
                "refill",
                60_000,
                () -> simulation.keys().poolLevel() >= 4 && simulation.keys().heldBy(3) >= 4);
        assertThat(simulation.keys().presignatures())
                .flatExtracting(held -> held.holders())
                .extracting(Generation::slot, Generation::bootCounter)
                .contains(tuple(3, 2L), tuple(4, 2L));
        assertThat(simulation.nodes.get(3).machine.orElseThrow().hasKeyShare("signing"))
                .isTrue();
        answeredOnce(simulation, List.of());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7})
    void answersEachRequestOnceWhileNodesRestartInTurn(int size) {
        Simulation simulation = ready(size, 22);
        List<SigningRequest> requests = new ArrayList<>();
        for (int slot = 1; slot <= size; slot++) {
            for (int k = 0; k < 2; k++) {
                SigningRequest request = SuiteTest.request(10 * slot + k, "gateway");
                requests.add(request);
                simulation.request(request);
            }
            simulation.run(Simulation.BLOCK_MILLIS);
            simulation.kill(slot);
            simulation.run(500);
            simulation.restart(slot);
            simulation.run(500);
        }
        answeredOnce(simulation, requests);
    }

    @Test
    void answersEachRequestOnceWhenAllNodesRestartWithRequestsInFlight() {
        Simulation simulation = ready(4, 23);
        List<SigningRequest> requests = new ArrayList<>();
        for (int k = 0; k < 4; k++) {
            requests.add(SuiteTest.request(k, "all"));
            simulation.request(requests.getLast());
        }
        simulation.run(Simulation.BLOCK_MILLIS);
        assertThat(simulation.answers).isEmpty();
        simulation.nodes.keySet().forEach(simulation::kill);
        simulation.run(1_000);
        simulation.nodes.keySet().forEach(simulation::restart);
        answeredOnce(simulation, requests);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void finishesKeyGenerationWhenANodeDiesAnywhereInIt(long seed) {
        Simulation simulation = new Simulation(4, seed);
        int slot = 1 + (int) (seed % 4);
        simulation.run(seed * Simulation.BLOCK_MILLIS);
        simulation.kill(slot);
        simulation.run(700);
        simulation.restart(slot);
        simulation.until(
                "keys",
                120_000,
                () -> simulation.keys().signingKey().isPresent()
                        && simulation.keys().beaconKey().isPresent());
        simulation.until(
                "every share",
                60_000,
                () -> simulation.nodes.values().stream()
                        .allMatch(n -> n.machine.orElseThrow().hasKeyShare("signing")
                                && n.machine.orElseThrow().hasKeyShare("beacon")));
        simulation.until("pool", 60_000, () -> simulation.keys().heldBy(slot) >= 2);
        answeredOnce(simulation, List.of());
    }

    @Test
    void givesANodeThatWasAwayDuringKeyGenerationItsSharesAfterwards() {
        Simulation simulation = new Simulation(4, 31);
        simulation.run(Simulation.BLOCK_MILLIS);
        simulation.kill(2);
        simulation.until(
                "keys",
                60_000,
                () -> simulation.keys().signingKey().isPresent()
                        && simulation.keys().beaconKey().isPresent());
        // The others restart too: what they serve comes out of their sealed stores.
        for (int slot : List.of(1, 3, 4)) {
            simulation.kill(slot);
            simulation.restart(slot);
        }
        simulation.restart(2);
        simulation.until(
                "its shares",
                60_000,
                () -> simulation.nodes.get(2).machine.orElseThrow().hasKeyShare("signing")
                        && simulation.nodes.get(2).machine.orElseThrow().hasKeyShare("beacon"));
        answeredOnce(simulation, List.of());
    }

    @Test
    void keepsNoPresignatureShareInItsStore() {
        Simulation simulation = ready(4, 24);
        assertThat(simulation.nodes.get(1).store.content().keySet())
                .allMatch(id -> id.matches("1/(share/(signing|beacon)|own/[1-4]|dealing/[1-4]/[1-4])"));
    }

    @Test
    void burnsAPresignatureWhoseRequestIsLateAndTakesAnother() {
        Simulation simulation = ready(4, 25);
        simulation
                .nodes
                .values()
                .forEach(n -> n.filter = effect ->
                        effect instanceof Effect.Broadcast(Message.SignatureShare share) && share.attempt() == 1
                                ? Optional.empty()
                                : Optional.of(effect));
        SigningRequest request = SuiteTest.request(1);
        simulation.request(request);
        simulation.until("a second attempt", 60_000, () -> simulation.answers.size() == 1);
        RequestState state = simulation.view().request(request.requestId()).orElseThrow();
        assertThat(state.attempts()).isEqualTo(2);
        answeredOnce(simulation, List.of(request));
    }

    @Test
    void answersUnderLossDuplicationAndDelay() {
        Simulation simulation = new Simulation(4, 26);
        simulation.network(0.2, 0.2, 400);
        simulation.until(
                "keys",
                240_000,
                () -> simulation.keys().signingKey().isPresent()
                        && simulation.keys().beaconKey().isPresent());
        List<SigningRequest> requests = new ArrayList<>();
        for (int k = 0; k < 5; k++) {
            requests.add(SuiteTest.request(k, "lossy"));
            simulation.request(requests.getLast());
        }
        answeredOnce(simulation, requests);
    }

    @Test
    void restoresTheSameShareFromTheStore() {
        Simulation simulation = ready(4, 27);
        Bytes before = simulation.nodes.get(1).store.content().get("1/share/signing");
        simulation.kill(1);
        simulation.restart(1);
        simulation.run(500);
        assertThat(simulation.nodes.get(1).machine.orElseThrow().hasKeyShare("signing"))
                .isTrue();
        assertThat(simulation.nodes.get(1).store.content()).containsEntry("1/share/signing", before);
    }
}
