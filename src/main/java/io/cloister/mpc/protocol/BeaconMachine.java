package io.cloister.mpc.protocol;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.HashToCurve;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Point;
import io.cloister.crypto.SecretScalar;
import io.cloister.mpc.Fault;
import io.cloister.mpc.board.KeyState;
import io.cloister.mpc.sharing.Commitment;
import io.cloister.mpc.sharing.DleqProof;
import io.cloister.mpc.sharing.Lagrange;
import io.cloister.mpc.sharing.SharingKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The threshold beacon: a DDH-based verifiable random function under the beacon key b. With P = HashToCurve(chain,
 * epoch, block id), slot i gives b_i*P with a proof that it is under its share of the key; t+1 of them interpolate to
 * b*P, whose hash is the value. Nobody knows it before t+1 members hold the block's certificate (docs/mpc.md, B1 to
 * B4).
 */
final class BeaconMachine {
    private static final String POINT = "cloister/mpc/beacon/point/v1";
    private static final String PROOF = "cloister/mpc/beacon/proof/v1";
    private static final String VALUE = "cloister/mpc/beacon/value/v1";
    private static final long RESEND_MILLIS = 500;

    /** Shares for blocks that this node does not know yet, from each slot. */
    private static final int EARLY = 64;

    private final int slot;
    private final SortedMap<Long, Round> rounds = new TreeMap<>();
    private final Map<Integer, SortedMap<Long, Message.BeaconShare>> early = new HashMap<>();
    private Optional<Commitment> key = Optional.empty();

    BeaconMachine(int slot) {
        this.slot = slot;
    }

    /** What is known of one block's beacon. */
    private static final class Round {
        final Bytes blockId;
        final Point base;
        final Bytes proofPrefix;
        final SortedMap<Integer, Point> shares = new TreeMap<>();
        final Set<Integer> liars = new HashSet<>();
        final Pacer pacer = new Pacer();
        Optional<Message.BeaconShare> own = Optional.empty();
        Optional<Bytes> value = Optional.empty();

        Round(Snapshot snapshot, Bytes blockId) {
            Bytes message = new Writer()
                    .string(snapshot.chainId())
                    .u64(snapshot.epoch())
                    .fixed(blockId)
                    .toBytes();
            this.blockId = blockId;
            this.base = HashToCurve.hash(POINT, message);
            this.proofPrefix = new Writer().string(PROOF).bytes(message).toBytes();
        }

        Bytes proofContext(int slot) {
            return new Writer().fixed(proofPrefix).u16(slot).toBytes();
        }
    }

    /** The value of a block's beacon, once t+1 shares are here. */
    Optional<Bytes> value(long height) {
        return Optional.ofNullable(rounds.get(height)).flatMap(r -> r.value);
    }

    /**
     * Gives the own share for every needed block whose certificate this node holds, and forgets the others.
     *
     * @param share b_i, when this node has it
     */
    void advance(Snapshot snapshot, Optional<SecretScalar> share, long now, Effects out) {
        key = snapshot.finished(KeyState.BEACON).map(t -> new Commitment(SharingKind.SIMPLE, t.commitments()));
        Map<Long, Bytes> needed = snapshot.blockIds();
        rounds.keySet().retainAll(needed.keySet());
        if (key.isEmpty()) {
            return;
        }
        needed.forEach((height, blockId) -> {
            Round round = rounds.computeIfAbsent(height, h -> new Round(snapshot, blockId));
            share.ifPresent(b -> give(height, round, b, now, out));
            early.forEach((from, shares) ->
                    Optional.ofNullable(shares.remove(height)).ifPresent(m -> accept(round, from, m, out)));
        });
        early.values().forEach(shares -> shares.headMap(snapshot.height() + 1).clear());
    }

    /** A member's share; kept for a while when this node does not know the block yet. */
    void received(int from, Message.BeaconShare share, Effects out) {
        Round round = rounds.get(share.height());
        if (round != null && key.isPresent()) {
            accept(round, from, share, out);
            return;
        }
        SortedMap<Long, Message.BeaconShare> ofSlot = early.computeIfAbsent(from, s -> new TreeMap<>());
        ofSlot.put(share.height(), share);
        if (ofSlot.size() > EARLY) {
            ofSlot.remove(ofSlot.lastKey());
        }
    }

    // B2: own share with its proof, only here, where the block is final for this node.
    private void give(long height, Round round, SecretScalar b, long now, Effects out) {
        if (round.own.isEmpty()) {
            Point power = round.base.mul(b);
            DleqProof proof = DleqProof.prove(
                    round.proofContext(slot), new DleqProof.Statement(Point.base(b), round.base, power), b);
            round.own = Optional.of(new Message.BeaconShare(height, round.blockId, power, proof));
            round.shares.put(slot, power);
            combine(round);
        }
        if (round.pacer.due(slot, now, RESEND_MILLIS)) {
            out.broadcast(round.own.get());
        }
    }

    // B3: a share counts when it is under the sender's share of the key; after a false one the sender is not heard
    // again.
    private void accept(Round round, int from, Message.BeaconShare share, Effects out) {
        if (round.value.isPresent() || round.shares.containsKey(from) || round.liars.contains(from)) {
            return;
        }
        Point ofSender = key.orElseThrow().at(from);
        DleqProof.Statement statement = new DleqProof.Statement(ofSender, round.base, share.share());
        if (share.blockId().equals(round.blockId) && share.proof().verify(round.proofContext(from), statement)) {
            round.shares.put(from, share.share());
            combine(round);
        } else {
            round.liars.add(from);
            out.report(from, Fault.BAD_BEACON_SHARE, "block at height " + share.height());
        }
    }

    // B4: the value is a hash of b*P.
    private void combine(Round round) {
        int enough = key.orElseThrow().points().size();
        if (round.value.isEmpty() && round.shares.size() >= enough) {
            SortedMap<Integer, Point> first = new TreeMap<>();
            round.shares.entrySet().stream().limit(enough).forEach(e -> first.put(e.getKey(), e.getValue()));
            Point power = Lagrange.interpolatePoints(first);
            round.value = Optional.of(Hashes.sha256(
                    new Writer().string(VALUE).fixed(power.encode()).toBytes()));
        }
    }
}
