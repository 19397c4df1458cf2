package io.cloister.mpc.protocol;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Point;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.Signature;
import io.cloister.mpc.Fault;
import io.cloister.mpc.board.Assignment;
import io.cloister.mpc.board.BoardTransaction;
import io.cloister.mpc.board.SigningRequest;
import io.cloister.mpc.protocol.Message.ShareValues;
import io.cloister.mpc.sharing.Lagrange;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One attempt at one signature: collects share pairs and combines the first t+1, looking for liars only when that
 * fails.
 */
final class SigningRound {
    private static final long RESEND_MILLIS = 500;
    private static final long SUBMIT_MILLIS = 3_000;

    /** How long each later member waits for an earlier one to submit what all of them have. */
    private static final long RANK_MILLIS = 700;

    private final SigningRequest request;
    private final Assignment assignment;
    private final int slot;
    private final Pacer pacer = new Pacer();
    private final Map<Integer, ShareValues> shares = new LinkedHashMap<>();
    private final Set<Integer> proven = new HashSet<>();
    private final Set<Integer> liars = new HashSet<>();
    private Optional<SigningInputs> inputs = Optional.empty();
    private Optional<Presignature> presignature = Optional.empty();
    private Optional<ShareValues> own = Optional.empty();
    private Optional<Signature> signature = Optional.empty();
    private boolean refused;
    private long combinedAt;

    SigningRound(SigningRequest request, Assignment assignment, int slot) {
        this.request = request;
        this.assignment = assignment;
        this.slot = slot;
    }

    Assignment assignment() {
        return assignment;
    }

    Bytes requestId() {
        return request.requestId();
    }

    boolean matches(Message.SignatureShare share) {
        return share.attempt() == assignment.attempt()
                && share.presignature().equals(assignment.presignature())
                && share.requestId().equals(request.requestId());
    }

    boolean isReady() {
        return inputs.isPresent();
    }

    boolean hasOwnShare() {
        return own.isPresent();
    }

    /** Everything public is known from now on. */
    void prepare(Presignature known, Bytes beacon, Point root) {
        presignature = Optional.of(known);
        inputs = SigningInputs.of(request, assignment.presignature(), beacon, root, known.kappa());
    }

    void openWith(Presignature unused) {
        ShareValues values = unused.open(inputs.orElseThrow());
        own = Optional.of(values);
        shares.put(slot, values);
        proven.add(slot);
    }

    /** This node will not open the assigned presignature for this attempt; true the first time that it is said. */
    boolean refuse() {
        boolean first = !refused;
        refused = true;
        return first;
    }

    /** The first pair of a holder counts. */
    void received(int from, ShareValues values) {
        if (assignment.isHolder(from)) {
            shares.putIfAbsent(from, values);
        }
    }

    void resend(long now, Effects out) {
        if (own.isPresent() && pacer.due("share", now, RESEND_MILLIS)) {
            out.broadcast(new Message.SignatureShare(
                    request.requestId(), assignment.attempt(), assignment.presignature(), own.get()));
        }
    }

    // S5 and S6: optimistic first, then share by share.
    void combine(Snapshot snapshot, long now, Effects out) {
        if (inputs.isEmpty()) {
            return;
        }
        int enough = snapshot.committee().threshold() + 1;
        if (signature.isEmpty()) {
            signature = combined(enough).or(() -> {
                findLiars(enough, out);
                return combined(enough);
            });
            combinedAt = now;
        }
        if (signature.isPresent()
                && now - combinedAt >= rank(snapshot) * RANK_MILLIS
                && pacer.due("submit", now, SUBMIT_MILLIS)) {
            out.submit(new BoardTransaction.SignatureProduced(request.requestId(), signature.get()));
        }
    }

    private Optional<Signature> combined(int enough) {
        SortedMap<Integer, Scalar> nu = new TreeMap<>();
        SortedMap<Integer, Scalar> mu = new TreeMap<>();
        for (Map.Entry<Integer, ShareValues> entry : shares.entrySet()) {
            if (nu.size() < enough && !liars.contains(entry.getKey())) {
                nu.put(entry.getKey(), entry.getValue().nu());
                mu.put(entry.getKey(), entry.getValue().mu());
            }
        }
        if (nu.size() < enough) {
            return Optional.empty();
        }
        SigningInputs known = inputs.orElseThrow();
        return known.signature(Lagrange.interpolate(nu), Lagrange.interpolate(mu))
                .filter(s -> Ecdsa.verify(known.key(), request.digest(), s));
    }

    /** Checks each pair that has not been checked against the public commitments, and names who lied. */
    private void findLiars(int enough, Effects out) {
        if (shares.size() < enough) {
            return;
        }
        shares.forEach((from, values) -> {
            if (proven.contains(from) || liars.contains(from)) {
                return;
            }
            if (presignature.orElseThrow().opens(from, values, inputs.orElseThrow())) {
                proven.add(from);
            } else {
                liars.add(from);
                out.report(from, Fault.BAD_SIGNATURE_SHARE, "request " + request.requestId());
            }
        });
    }

    /** Members take turns in submitting, so that one signature does not cost n transactions. */
    private long rank(Snapshot snapshot) {
        int first = request.requestId().at(31) & 0xff;
        return Math.floorMod(slot - 1 - first, snapshot.committee().size());
    }
}
