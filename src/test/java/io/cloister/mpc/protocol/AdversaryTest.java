package io.cloister.mpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Point;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.Signature;
import io.cloister.mpc.Fault;
import io.cloister.mpc.board.BoardTransaction;
import io.cloister.mpc.board.FaultRecord;
import io.cloister.mpc.board.SigningRequest;
import io.cloister.mpc.dealing.InstanceKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** t faulty members of each kind: everything is still made, they are named, and nobody else is. */
class AdversaryTest {
    private static Simulation signs(Simulation simulation, int faulty) {
        simulation.until(
                "keys",
                120_000,
                () -> simulation.keys().signingKey().isPresent()
                        && simulation.keys().beaconKey().isPresent());
        simulation.until("pool", 120_000, () -> simulation.keys().poolLevel() >= 2);
        simulation.until(
                "key shares",
                60_000,
                () -> simulation.nodes.values().stream()
                        .skip(faulty)
                        .allMatch(n -> n.machine.orElseThrow().hasKeyShare("signing")
                                && n.machine.orElseThrow().hasKeyShare("beacon")));
        SigningRequest request = SuiteTest.request(1, "gateway");
        simulation.request(request);
        simulation.until("answer", 60_000, () -> simulation.answers.size() == 1);
        Signature signature = simulation.answers.get(request.requestId());
        assertThat(Ecdsa.verify(
                        simulation.keys().derivedKey(request.path()).orElseThrow(), request.digest(), signature))
                .isTrue();
        assertThat(simulation.alarms).isEmpty();
        assertThat(honestNamed(simulation, faulty)).isEmpty();
        return simulation;
    }

    private static List<String> honestNamed(Simulation simulation, int faulty) {
        List<String> named = new ArrayList<>();
        simulation.nodes.values().stream()
                .skip(faulty)
                .forEach(node -> node.reports.stream()
                        .filter(r -> r.slot() > faulty)
                        .forEach(r -> named.add("slot " + node.slot + " says " + r)));
        simulation.view().faults().stream()
                .filter(f -> f.slot() > faulty)
                .forEach(f -> named.add("the board says " + f));
        return named;
    }

    private static Simulation withDealers(int size, EvilDealers.Kind kind, boolean keys) {
        int faulty = (size - 1) / 3;
        Map<Integer, Dealers> adversary = new HashMap<>();
        IntStream.rangeClosed(1, faulty)
                .forEach(slot -> adversary.put(slot, new EvilDealers(kind, size, k -> k.isKey() == keys)));
        return new Simulation(size, 11, Simulation.parameters(), adversary);
    }

    @ParameterizedTest
    @CsvSource({
        "4, WRONG_SHARE_TO_ALL, BAD_SHARE",
        "4, HIGHER_DEGREE, MALFORMED",
        "4, LOWER_DEGREE, MALFORMED",
        "4, BAD_PROOF, BAD_PROOF",
        "4, OTHER_VALUE, BAD_PROOF",
        "4, FOREIGN_EPHEMERAL, BAD_POSSESSION",
        "7, WRONG_SHARE_TO_ALL, BAD_SHARE",
        "7, BAD_PROOF, BAD_PROOF"
    })
    void leavesOutAndNamesFaultyDealersOfKeys(int size, EvilDealers.Kind kind, Fault fault) {
        int faulty = (size - 1) / 3;
        Simulation simulation = signs(withDealers(size, kind, true), faulty);
        for (int slot = 1; slot <= faulty; slot++) {
            assertThat(simulation.faultsSeenOf(slot)).contains(fault);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "4, WRONG_SHARE_TO_ALL, BAD_SHARE",
        "4, HIGHER_DEGREE, MALFORMED",
        "4, BAD_PROOF, BAD_PROOF",
        "4, REPLAY_OF_ANOTHER_INSTANCE, BAD_POSSESSION",
        "4, FOREIGN_EPHEMERAL, BAD_POSSESSION",
        "7, WRONG_SHARE_TO_ALL, BAD_SHARE",
        "7, REPLAY_OF_ANOTHER_INSTANCE, BAD_POSSESSION"
    })
    void leavesOutAndNamesFaultyDealersOfPresignatures(int size, EvilDealers.Kind kind, Fault fault) {
        int faulty = (size - 1) / 3;
        Simulation simulation = signs(withDealers(size, kind, false), faulty);
        simulation.run(3_000);
        for (int slot = 1; slot <= faulty; slot++) {
            assertThat(simulation.faultsSeenOf(slot)).contains(fault);
        }
    }

    @ParameterizedTest
    @CsvSource({"4, WRONG_SHARE_TO_ONE", "4, SWAPPED_CIPHERTEXTS", "7, WRONG_SHARE_TO_ONE"})
    void givesAVictimOfAKeyDealingItsShareByOpeningsAfterItsComplaint(int size, EvilDealers.Kind kind) {
        int faulty = (size - 1) / 3;
        Simulation simulation = withDealers(size, kind, true);
        // The last members' dealings come too late, so that the faulty ones are in the set.
        simulation.nodes.tailMap(faulty + 2).values().forEach(node -> node.filter = AdversaryTest::slowWithKeyDealings);
        signs(simulation, faulty);
        assertThat(simulation.view().faults())
                .isNotEmpty()
                .allMatch(f -> f.slot() <= faulty && f.fault() == Fault.BAD_SHARE);
    }

    @ParameterizedTest
    @CsvSource({"4, WRONG_SHARE_TO_ONE", "4, SWAPPED_CIPHERTEXTS", "7, WRONG_SHARE_TO_ONE"})
    void makesABatchAnewWithoutADealerThatAComplaintStandsAgainst(int size, EvilDealers.Kind kind) {
        int faulty = (size - 1) / 3;
        Simulation simulation = signs(withDealers(size, kind, false), faulty);
        for (int number = 2; number <= 8; number++) {
            simulation.request(SuiteTest.request(number));
        }
        simulation.until("answers", 60_000, () -> simulation.answers.size() == 8);
        assertThat(simulation.view().faults().stream().map(FaultRecord::slot)).contains(1);
        assertThat(simulation.view().excluded(1)).contains(Fault.BAD_SHARE);
    }

    @Test
    void stopsADealerThatKeepsACiphertextBack() {
        Simulation simulation = new Simulation(4, 5);
        Simulation.Node withholding = simulation.nodes.get(1);
        withholding.filter = effect -> switch (effect) {
            case Effect.Send(int to, Message.DealingPush push)
            when to == 4
                    && simulation.view().instance(push.instance()).stream()
                            .noneMatch(i -> i.kind().isKey()) -> Optional.empty();
            case Effect.Submit(BoardTransaction.AnswerDemand answer) -> Optional.empty();
            default -> Optional.of(effect);
        };
        simulation.until(
                "exclusion", 120_000, () -> simulation.view().excluded(1).isPresent());
        simulation.until("pool", 120_000, () -> simulation.keys().poolLevel() >= 2);
        assertThat(simulation.view().faults()).isNotEmpty().allMatch(f -> f.slot() == 1 && f.fault() == Fault.WITHHELD);
    }

    @Test
    void publishesADemandedCiphertextSoThatAnHonestDealerIsNotNamed() {
        Simulation simulation = new Simulation(4, 6);
        // The line from slot 1 to slot 4 is down for presignature dealings; slot 1 itself is honest.
        simulation.nodes.get(1).filter = effect -> effect instanceof Effect.Send(int to, Message.DealingPush push)
                        && to == 4
                        && simulation.view().instance(push.instance()).stream()
                                .noneMatch(
                                        i -> i.kind() == InstanceKind.KEY_RANDOM || i.kind() == InstanceKind.KEY_UNMASK)
                ? Optional.empty()
                : Optional.of(effect);
        simulation.until("pool held by all", 120_000, () -> simulation.keys().heldBy(4) >= 2);
        assertThat(simulation.view().faults()).isEmpty();
        assertThat(simulation.view().excluded(1)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"4", "7"})
    void signsDespiteLyingSignersAndNamesThem(int size) {
        int faulty = (size - 1) / 3;
        Simulation simulation = new Simulation(size, 13);
        for (int slot = 1; slot <= faulty; slot++) {
            simulation.nodes.get(slot).filter = AdversaryTest::lie;
        }
        signs(simulation, faulty);
        for (int number = 2; number <= 4; number++) {
            simulation.request(SuiteTest.request(number, "gateway"));
        }
        simulation.until("answers", 60_000, () -> simulation.answers.size() == 4);
        for (int slot = 1; slot <= faulty; slot++) {
            assertThat(simulation.faultsSeenOf(slot)).containsExactly(Fault.BAD_SIGNATURE_SHARE);
        }
        assertThat(honestNamed(simulation, faulty)).isEmpty();
    }

    @Test
    void refusesABeaconShareUnderAnotherKeyAndNamesItsSender() {
        Simulation simulation = new Simulation(4, 17);
        simulation.nodes.get(1).filter = effect -> effect instanceof Effect.Broadcast(Message.BeaconShare share)
                ? Optional.of(new Effect.Broadcast(new Message.BeaconShare(
                        share.height(), share.blockId(), share.share().add(Point.G), share.proof())))
                : Optional.of(effect);
        signs(simulation, 1);
        assertThat(simulation.faultsSeenOf(1)).containsExactly(Fault.BAD_BEACON_SHARE);
    }

    private static Optional<Effect> slowWithKeyDealings(Effect effect) {
        return effect instanceof Effect.Submit(BoardTransaction.IncludeDealing include) && include.instance() <= 4
                ? Optional.empty()
                : Optional.of(effect);
    }

    private static Optional<Effect> lie(Effect effect) {
        return effect instanceof Effect.Broadcast(Message.SignatureShare share)
                ? Optional.of(new Effect.Broadcast(new Message.SignatureShare(
                        share.requestId(),
                        share.attempt(),
                        share.presignature(),
                        new Message.ShareValues(
                                share.values().nu().add(Scalar.of(5)),
                                share.values().nuMask(),
                                share.values().mu(),
                                share.values().muMask()))))
                : Optional.of(effect);
    }
}
