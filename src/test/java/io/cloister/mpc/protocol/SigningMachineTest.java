package io.cloister.mpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Point;
import io.cloister.crypto.SecretScalar;
import io.cloister.crypto.SigningKey;
import io.cloister.mpc.Committee;
import io.cloister.mpc.MembershipCommittee;
import io.cloister.mpc.board.Assignment;
import io.cloister.mpc.board.Generation;
import io.cloister.mpc.board.Moment;
import io.cloister.mpc.board.PresignatureId;
import io.cloister.mpc.board.RequestState;
import io.cloister.mpc.board.SigningRequest;
import io.cloister.mpc.board.TestLedger;
import io.cloister.mpc.dealing.ShareKey;
import io.cloister.mpc.sharing.SecretSharing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node gives one share pair for a presignature, whatever states it is shown. */
class SigningMachineTest {
    private final Simulation simulation = new Simulation(4, 41);
    private final PresignatureId p = new PresignatureId(9, 0);
    private final Self self = new Self(
            simulation.nodes.get(1).nodeKey.id(), SigningKey.generate(), ShareKey.generate(), ShareKey.generate(), 1);
    private final SigningMachine machine = new SigningMachine(self, 1);
    private final Effects out = new Effects();
    private Presignature presignature;

    @BeforeEach
    void keys() {
        simulation.until("keys", 60_000, () -> simulation.keys().signingKey().isPresent());
        presignature = presignature();
    }

    private Presignature presignature() {
        try (SecretScalar value = SecretScalar.random();
                SecretSharing sharing = SecretSharing.masked(value, value, 1)) {
            return new Presignature(
                    p,
                    Point.base(value),
                    sharing.commitment(),
                    sharing.commitment(),
                    sharing.commitment(),
                    Optional.of(new Presignature.Shares(sharing.share(1), sharing.share(1), sharing.share(1))));
        }
    }

    private Snapshot state(String message, int attempt, long bootOfSlotOne) {
        SigningRequest request = new SigningRequest(
                Hashes.sha256(Bytes.utf8("id " + message)), Hashes.sha256(Bytes.utf8(message)), List.of(), "");
        Assignment assignment = new Assignment(
                attempt,
                p,
                List.of(new Generation(1, bootOfSlotOne), new Generation(2, 1), new Generation(3, 1)),
                new Moment(5, 0));
        Committee committee =
                new MembershipCommittee().committee(simulation.ledger.view(0)).orElseThrow();
        Snapshot real = Snapshot.read(
                simulation.ledger.view(0), TestLedger.CHAIN, TestLedger.EPOCH, 5, committee, at -> Optional.empty());
        return new Snapshot(
                TestLedger.CHAIN,
                TestLedger.EPOCH,
                5,
                committee,
                new TreeMap<>(),
                new TreeMap<>(),
                real.keys(),
                List.of(new RequestState(request, 1, attempt, Optional.of(assignment), Optional.empty())),
                List.of(),
                Map.of(),
                real.board());
    }

    private List<Effect> advance(Snapshot state, String beacon, long now) {
        machine.advance(state, id -> Optional.of(presignature), height -> Optional.of(Bytes.utf8(beacon)), now, out);
        return out.drain();
    }

    private static List<Message> shares(List<Effect> effects) {
        return effects.stream()
                .filter(e -> e instanceof Effect.Broadcast)
                .map(e -> ((Effect.Broadcast) e).message())
                .toList();
    }

    @Test
    void repeatsTheSamePairAndNeverMakesASecondOneForAnotherBeacon() {
        List<Message> first = shares(advance(state("one", 1, 1), "beacon", 0));
        assertThat(first).hasSize(1);
        assertThat(shares(advance(state("one", 1, 1), "other beacon", 1_000))).isEqualTo(first);
    }

    @Test
    void refusesAnotherRequestForTheSamePresignatureWithAnAlarm() {
        assertThat(shares(advance(state("one", 1, 1), "beacon", 0))).hasSize(1);
        List<Effect> second = advance(state("two", 1, 1), "beacon", 1_000);
        assertThat(shares(second)).isEmpty();
        assertThat(second).anyMatch(e -> e instanceof Effect.Alarm);
    }

    @Test
    void raisesOneAlarmForEachAttemptHoweverOftenItIsDriven() {
        advance(state("one", 1, 1), "beacon", 0);
        assertThat(advance(state("two", 1, 1), "beacon", 1_000)).anyMatch(e -> e instanceof Effect.Alarm);
        assertThat(advance(state("two", 1, 1), "beacon", 2_000)).noneMatch(e -> e instanceof Effect.Alarm);
        assertThat(advance(state("two", 2, 1), "beacon", 3_000)).anyMatch(e -> e instanceof Effect.Alarm);
    }

    @Test
    void refusesASecondAttemptWithTheSamePresignature() {
        assertThat(shares(advance(state("one", 1, 1), "beacon", 0))).hasSize(1);
        List<Effect> second = advance(state("one", 2, 1), "other beacon", 1_000);
        assertThat(shares(second)).isEmpty();
        assertThat(second).anyMatch(e -> e instanceof Effect.Alarm);
    }

    @Test
    void doesNotSignWithAPresignatureThatAnotherBootHolds() {
        assertThat(shares(advance(state("one", 1, 2), "beacon", 0))).isEmpty();
        assertThat(presignature.isUnused()).isTrue();
    }

    @Test
    void waitsForTheBeacon() {
        machine.advance(state("one", 1, 1), id -> Optional.of(presignature), height -> Optional.empty(), 0, out);
        assertThat(out.drain()).isEmpty();
        assertThat(presignature.isUnused()).isTrue();
    }
}
