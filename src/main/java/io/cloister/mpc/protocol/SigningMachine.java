package io.cloister.mpc.protocol;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Point;
import io.cloister.mpc.board.Assignment;
import io.cloister.mpc.board.Generation;
import io.cloister.mpc.board.KeyState;
import io.cloister.mpc.board.PresignatureId;
import io.cloister.mpc.board.RequestState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * All signing requests at one node. A request's message, path, presignature and eligible holders come from a final
 * block, its re-randomisation from that block's beacon; this boot opens a presignature once, for one request, and never
 * again (docs/mpc.md, S1 to S6).
 */
final class SigningMachine {
    /** Shares for assignments that this node does not know yet, from each slot. */
    private static final int EARLY = 64;

    private final Self self;
    private final int slot;
    private final Map<Bytes, SigningRound> rounds = new HashMap<>();
    private final Map<Integer, Map<Bytes, Message.SignatureShare>> early = new HashMap<>();
    private final Map<PresignatureId, Bytes> opened = new HashMap<>();

    SigningMachine(Self self, int slot) {
        this.self = self;
        this.slot = slot;
    }

    /** Numbers of the batches that a pending request has a presignature of. */
    static Set<Long> batchesInUse(Snapshot snapshot) {
        Set<Long> batches = new HashSet<>();
        snapshot.pending()
                .forEach(r -> r.assignment()
                        .ifPresent(a -> batches.add(a.presignature().batch())));
        return batches;
    }

    /**
     * @param presignatures what this node has of a presignature, if anything
     * @param beacons beacon value by height
     */
    void advance(
            Snapshot snapshot,
            Function<PresignatureId, Optional<Presignature>> presignatures,
            Function<Long, Optional<Bytes>> beacons,
            long now,
            Effects out) {
        Optional<Point> root = snapshot.finished(KeyState.SIGNING).map(KeyState.KeyTranscript::publicKey);
        Set<Bytes> current = new HashSet<>();
        for (RequestState request : snapshot.pending()) {
            if (request.assignment().isPresent() && root.isPresent()) {
                Bytes id = request.request().requestId();
                current.add(id);
                Assignment assignment = request.assignment().get();
                SigningRound round = rounds.get(id);
                if (round == null || round.assignment().attempt() != assignment.attempt()) {
                    round = new SigningRound(request.request(), assignment, slot);
                    rounds.put(id, round);
                }
                drive(round, root.get(), presignatures, beacons, snapshot, now, out);
            }
        }
        rounds.keySet().retainAll(current);
        Set<Long> batches = batchesInUse(snapshot);
        opened.keySet()
                .removeIf(
                        p -> !batches.contains(p.batch()) && !snapshot.batches().containsKey(p.batch()));
    }

    void received(int from, Message.SignatureShare share, Snapshot snapshot, long now, Effects out) {
        SigningRound round = rounds.get(share.requestId());
        if (round != null && round.matches(share)) {
            round.received(from, share.values());
            round.combine(snapshot, now, out);
            return;
        }
        Map<Bytes, Message.SignatureShare> ofSlot = early.computeIfAbsent(from, s -> new LinkedHashMap<>());
        ofSlot.remove(share.requestId());
        ofSlot.put(share.requestId(), share);
        if (ofSlot.size() > EARLY) {
            ofSlot.remove(ofSlot.keySet().iterator().next());
        }
    }

    private void drive(
            SigningRound round,
            Point root,
            Function<PresignatureId, Optional<Presignature>> presignatures,
            Function<Long, Optional<Bytes>> beacons,
            Snapshot snapshot,
            long now,
            Effects out) {
        Assignment assignment = round.assignment();
        early.forEach((from, shares) -> Optional.ofNullable(shares.get(round.requestId()))
                .filter(round::matches)
                .ifPresent(share -> {
                    shares.remove(round.requestId());
                    round.received(from, share.values());
                }));
        Optional<Presignature> presignature = presignatures.apply(assignment.presignature());
        if (!round.isReady() && presignature.isPresent()) {
            beacons.apply(assignment.at().height())
                    .ifPresent(beacon -> round.prepare(presignature.get(), beacon, root));
        }
        if (round.isReady() && presignature.isPresent()) {
            open(round, presignature.get(), out);
            round.resend(now, out);
            round.combine(snapshot, now, out);
        }
    }

    // S4: one share pair for each presignature, ever; written down in memory before it is sent.
    private void open(SigningRound round, Presignature presignature, Effects out) {
        boolean holder = round.assignment().holders().contains(new Generation(slot, self.bootCounter()));
        if (!holder || round.hasOwnShare()) {
            return;
        }
        Bytes before = opened.putIfAbsent(presignature.id(), round.requestId());
        if (before != null && round.refuse()) {
            out.alarm("presignature " + presignature.id() + " was opened for request " + before
                    + " and is now asked for by " + round.requestId());
        } else if (before == null && presignature.isUnused()) {
            round.openWith(presignature);
        }
    }
}
