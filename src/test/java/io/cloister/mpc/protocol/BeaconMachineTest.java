package io.cloister.mpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Point;
import io.cloister.crypto.SecretScalar;
import io.cloister.mpc.Committee;
import io.cloister.mpc.Fault;
import io.cloister.mpc.MembershipCommittee;
import io.cloister.mpc.board.KeyState;
import io.cloister.mpc.board.TestLedger;
import io.cloister.mpc.sharing.SecretSharing;
import io.cloister.mpc.sharing.Share;
import io.cloister.mpc.sharing.SharingKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BeaconMachineTest {
    private final Simulation simulation = new Simulation(4, 43);
    private final SecretSharing key = SecretSharing.random(SharingKind.SIMPLE, 1);
    private final Committee committee =
            new MembershipCommittee().committee(simulation.ledger.view(0)).orElseThrow();

    private Snapshot state(String chain, Map<Long, Bytes> needed, long height) {
        Map<String, KeyState> keys = new HashMap<>();
        keys.put(
                KeyState.BEACON,
                new KeyState(
                        KeyState.BEACON,
                        1,
                        1,
                        2,
                        Collections.emptySortedMap(),
                        Optional.of(new KeyState.KeyTranscript(
                                Bytes.zeros(32), key.commitment().points()))));
        return new Snapshot(
                chain,
                TestLedger.EPOCH,
                height,
                committee,
                new TreeMap<>(),
                new TreeMap<>(),
                keys,
                List.of(),
                List.of(),
                needed,
                simulation.view());
    }

    private Map<Long, Bytes> block(String name) {
        return Map.of(7L, Hashes.sha256(Bytes.utf8(name)));
    }

    /** The share that a slot would broadcast for a state. */
    private Message.BeaconShare shareOf(int slot, Snapshot state) {
        Effects out = new Effects();
        try (Share own = key.share(slot)) {
            new BeaconMachine(slot).advance(state, Optional.of(own.value()), 0, out);
        }
        return (Message.BeaconShare) ((Effect.Broadcast) out.drain().getFirst()).message();
    }

    private Bytes value(Snapshot state, int... slots) {
        BeaconMachine machine = new BeaconMachine(4);
        Effects out = new Effects();
        machine.advance(state, Optional.empty(), 0, out);
        for (int slot : slots) {
            machine.received(slot, shareOf(slot, state), out);
        }
        assertThat(out.drain()).isEmpty();
        return machine.value(7).orElseThrow();
    }

    @Test
    void anyTPlusOneSharesGiveTheSameValueAndOneGivesNone() {
        Snapshot state = state("chain", block("a"), 7);
        Bytes value = value(state, 1, 2);
        assertThat(value(state, 2, 3)).isEqualTo(value);
        assertThat(value(state, 3, 1)).isEqualTo(value);

        BeaconMachine machine = new BeaconMachine(4);
        Effects out = new Effects();
        machine.advance(state, Optional.empty(), 0, out);
        machine.received(1, shareOf(1, state), out);
        machine.received(1, shareOf(1, state), out);
        assertThat(machine.value(7)).isEmpty();
    }

    @Test
    void everyBlockAndChainHasItsOwnValue() {
        List<Bytes> values = new ArrayList<>();
        values.add(value(state("chain", block("a"), 7), 1, 2));
        values.add(value(state("chain", block("b"), 7), 1, 2));
        values.add(value(state("other", block("a"), 7), 1, 2));
        assertThat(values).doesNotHaveDuplicates();
    }

    @Test
    void givesNoShareForABlockThatIsNotFinalHere() {
        Effects out = new Effects();
        try (Share own = key.share(1)) {
            new BeaconMachine(1).advance(state("chain", Map.of(), 6), Optional.of(own.value()), 0, out);
        }
        assertThat(out.drain()).isEmpty();
    }

    @Test
    void keepsAFewEarlySharesAndRefusesThoseOfAnotherBlockOrSlot() {
        Snapshot state = state("chain", block("a"), 7);
        BeaconMachine machine = new BeaconMachine(4);
        Effects out = new Effects();
        machine.received(1, shareOf(1, state), out);
        machine.received(2, shareOf(2, state("chain", block("b"), 7)), out);
        machine.received(3, shareOf(1, state), out);
        machine.advance(state, Optional.empty(), 0, out);
        assertThat(out.drain()).extracting(e -> ((Effect.Report) e).slot()).containsExactlyInAnyOrder(2, 3);
        assertThat(machine.value(7)).isEmpty();
    }

    @Test
    void hearsAndNamesTheSenderOfAFalseShareOnceForABlock() {
        Snapshot state = state("chain", block("a"), 7);
        BeaconMachine machine = new BeaconMachine(4);
        Effects out = new Effects();
        machine.advance(state, Optional.empty(), 0, out);
        for (int times = 0; times < 3; times++) {
            machine.received(2, shareOf(1, state), out);
        }
        assertThat(out.drain()).hasSize(1);
        machine.received(2, shareOf(2, state), out);
        machine.received(1, shareOf(1, state), out);
        assertThat(machine.value(7)).as("one share counts").isEmpty();
        machine.received(3, shareOf(3, state), out);
        assertThat(machine.value(7)).isPresent();
    }

    @Test
    void namesASenderWhoseShareIsNotUnderItsKey() {
        Snapshot state = state("chain", block("a"), 7);
        BeaconMachine machine = new BeaconMachine(4);
        Effects out = new Effects();
        machine.advance(state, Optional.empty(), 0, out);
        try (SecretScalar other = SecretScalar.random()) {
            Message.BeaconShare good = shareOf(1, state);
            machine.received(1, new Message.BeaconShare(7, good.blockId(), Point.base(other), good.proof()), out);
        }
        assertThat(out.drain())
                .allMatch(e -> e instanceof Effect.Report r && r.fault() == Fault.BAD_BEACON_SHARE && r.slot() == 1);
    }
}
