package io.cloister.mpc.protocol;

import io.cloister.crypto.SecretScalar;
import io.cloister.mpc.KeyShareStore;
import io.cloister.mpc.Member;
import io.cloister.mpc.board.Batch;
import io.cloister.mpc.board.KeyState;
import io.cloister.mpc.board.PresignatureId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Everything that one boot of one node does in the threshold protocols. One input at a time, from one thread; the
 * effects are run in their order before the next input.
 */
public final class MpcMachine implements AutoCloseable {
    private final Self self;
    private final KeyShareStore store;
    private final Dealers dealers;
    private final Map<String, DkgMachine> keys = new HashMap<>();
    private final TreeMap<Long, PresignMachine> batches = new TreeMap<>();
    private final Parking parking = new Parking();
    private final Effects out = new Effects();
    private Optional<BeaconMachine> beacon = Optional.empty();
    private Optional<SigningMachine> signing = Optional.empty();
    private Optional<Snapshot> latest = Optional.empty();
    private int slot;

    /** @param store read here; written by the runner of {@link Effect.Persist} */
    public MpcMachine(Self self, KeyShareStore store) {
        this(self, store, Dealers.HONEST);
    }

    /** With other dealers than the honest ones, for the simulation of an adversary. */
    MpcMachine(Self self, KeyShareStore store, Dealers dealers) {
        this.self = self;
        this.store = store;
        this.dealers = dealers;
    }

    /** Takes one input and says what is to be done. */
    public List<Effect> step(Input input) {
        switch (input) {
            case Input.Advanced advanced -> advance(advanced.snapshot(), advanced.nowMillis());
            case Input.Received received -> receive(received.slot(), received.message(), received.nowMillis());
            case Input.Tick tick -> latest.ifPresent(snapshot -> drive(snapshot, tick.nowMillis()));
        }
        return out.drain();
    }

    /** Whether this node has its share of a finished key. */
    public boolean hasKeyShare(String label) {
        return keyShare(label).isPresent();
    }

    /** Presignatures whose shares are in this boot's memory, unopened. */
    public int presignaturesHeld() {
        return batches.values().stream()
                .map(PresignMachine::presignatures)
                .flatMap(Optional::stream)
                .mapToInt(
                        all -> (int) all.stream().filter(Presignature::isUnused).count())
                .sum();
    }

    @Override
    public void close() {
        keys.values().forEach(DkgMachine::close);
        batches.values().forEach(PresignMachine::close);
        keys.clear();
        batches.clear();
    }

    private void advance(Snapshot snapshot, long now) {
        Optional<Member> own = snapshot.committee().byNodeId(self.nodeId());
        if (own.isEmpty()) {
            return;
        }
        if (latest.isEmpty()) {
            slot = own.get().slot();
            beacon = Optional.of(new BeaconMachine(slot));
            signing = Optional.of(new SigningMachine(self, slot));
        }
        latest = Optional.of(snapshot);
        drive(snapshot, now);
        for (Parking.Parked parked : parking.takeKnown(snapshot)) {
            receive(parked.slot(), parked.message(), now);
        }
    }

    private void drive(Snapshot snapshot, long now) {
        for (String label : KeyState.LABELS) {
            keys.computeIfAbsent(label, l -> new DkgMachine(l, self, slot, store, dealers))
                    .advance(snapshot, now, out);
        }
        Set<Long> inUse = SigningMachine.batchesInUse(snapshot);
        batches.entrySet().removeIf(entry -> {
            boolean over = !snapshot.batches().containsKey(entry.getKey()) && !inUse.contains(entry.getKey());
            if (over) {
                entry.getValue().close();
            }
            return over;
        });
        for (Batch batch : snapshot.batches().values()) {
            batches.computeIfAbsent(
                            batch.number(), number -> new PresignMachine(number, self, slot, store, dealers, now))
                    .advance(batch, snapshot, keyShare(KeyState.SIGNING), now, out);
        }
        sign(snapshot, now);
    }

    private void sign(Snapshot snapshot, long now) {
        BeaconMachine beacons = beacon.orElseThrow();
        beacons.advance(snapshot, keyShare(KeyState.BEACON), now, out);
        signing.orElseThrow().advance(snapshot, this::presignature, beacons::value, now, out);
    }

    private void receive(int from, Message message, long now) {
        if (latest.isEmpty() || from == slot) {
            parking.park(from, message);
            return;
        }
        Snapshot snapshot = latest.get();
        Optional<Member> member = snapshot.committee().member(from);
        if (member.isEmpty()) {
            return;
        }
        switch (message) {
            case Message.DealingPush m ->
                exchange(m.instance(), from, m).ifPresent(e -> {
                    e.pushed(member.get(), m, snapshot, out);
                    drive(snapshot, now);
                });
            case Message.Support m ->
                exchange(m.instance(), from, m).ifPresent(e -> {
                    e.supported(member.get(), m, out);
                    drive(snapshot, now);
                });
            case Message.DealingRequest m ->
                exchange(m.instance(), from, m).ifPresent(e -> e.requested(member.get(), m, snapshot, now, out));
            case Message.Opening m ->
                exchange(m.instance(), from, m).ifPresent(e -> {
                    e.opened(member.get(), m, out);
                    drive(snapshot, now);
                });
            case Message.BeaconShare m -> {
                beacon.orElseThrow().received(from, m, out);
                sign(snapshot, now);
            }
            case Message.SignatureShare m -> signing.orElseThrow().received(from, m, snapshot, now, out);
        }
    }

    private Optional<DealingExchange> exchange(long instance, int from, Message message) {
        for (DkgMachine key : keys.values()) {
            Optional<DealingExchange> found = key.exchange(instance);
            if (found.isPresent()) {
                return found;
            }
        }
        for (PresignMachine batch : batches.values()) {
            Optional<DealingExchange> found = batch.exchange(instance);
            if (found.isPresent()) {
                return found;
            }
        }
        if (latest.filter(s -> instance > s.newestInstance()).isPresent()) {
            parking.park(from, message);
        }
        return Optional.empty();
    }

    private Optional<SecretScalar> keyShare(String label) {
        return Optional.ofNullable(keys.get(label)).flatMap(DkgMachine::share);
    }

    private Optional<Presignature> presignature(PresignatureId id) {
        return Optional.ofNullable(batches.get(id.batch()))
                .flatMap(PresignMachine::presignatures)
                .filter(all -> id.index() < all.size())
                .map(all -> all.get(id.index()));
    }
}
