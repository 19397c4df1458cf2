package io.cloister.mpc.board;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Point;
import io.cloister.crypto.Signature;
import io.cloister.ledger.Refusal;
import io.cloister.mpc.Committee;
import io.cloister.mpc.board.BoardTransaction.SignatureProduced;
import io.cloister.mpc.sharing.Derivation;
import java.util.Optional;

/** Signing requests: queued, given a presignature, burned when late, answered once and for ever. */
final class RequestRules {
    private final BoardStore store;

    RequestRules(BoardStore store) {
        this.store = store;
    }

    /** Queues a request; a repeat gives the answer it has, if it has one. */
    Optional<Signature> request(SigningRequest request) throws Refusal {
        Optional<RequestState> known = store.view().request(request.requestId());
        if (known.isPresent()) {
            if (!known.get().request().equals(request)) {
                throw new Refusal("request-differs", "another request has this id");
            }
            return known.get().answer();
        }
        if (store.view().room() <= 0) {
            throw new Refusal("signing-queue-full", "too many requests wait for a signature");
        }
        long sequence = store.next("request");
        store.put(new RequestState(request, sequence, 0, Optional.empty(), Optional.empty()));
        BoardView.PENDING.put(store.context(), BoardView.u64(sequence), request.requestId());
        return Optional.empty();
    }

    /** Burns what is late or has lost its holders, and assigns in the order of arrival; at the end of every block. */
    void advance(Committee committee) {
        boolean keys = store.view().finished(KeyState.SIGNING).isPresent()
                && store.view().finished(KeyState.BEACON).isPresent();
        PoolRules pool = new PoolRules(store);
        boolean stocked = keys;
        for (RequestState pending : store.view().pending()) {
            RequestState request = burnIfLost(pending, committee);
            if (stocked && request.assignment().isEmpty()) {
                Optional<PoolRules.Taken> taken = pool.take();
                stocked = taken.isPresent();
                if (taken.isPresent()) {
                    request = request.assigned(new Assignment(
                            request.attempts() + 1,
                            taken.get().presignature(),
                            taken.get().holders(),
                            store.now()));
                    store.context()
                            .emit("mpc.request-assigned", request.request().requestId());
                }
            }
            if (!request.equals(pending)) {
                store.put(request);
            }
        }
    }

    /** The first valid signature in the order of blocks is the answer, whichever presignature made it. */
    Answered produced(SignatureProduced produced) throws Refusal {
        RequestState state = store.view()
                .request(produced.requestId())
                .orElseThrow(() -> new Refusal("unknown-request", "nobody asked for this signature"));
        if (state.answer().isPresent()) {
            throw new Refusal("already-answered", "the request has its answer");
        }
        Point key = store.view()
                .finished(KeyState.SIGNING)
                .map(k -> Derivation.publicKey(k.publicKey(), state.request().path()))
                .orElseThrow(() -> new Refusal("no-key", "there is no signing key"));
        requireGenuine(key, state.request().digest(), produced.signature());
        store.put(state.answered(produced.signature()));
        BoardView.PENDING.remove(store.context(), BoardView.u64(state.sequence()));
        store.context()
                .emit(
                        "mpc.signature",
                        new Writer()
                                .fixed(produced.requestId())
                                .fixed(produced.signature().recoverable())
                                .toBytes());
        return new Answered(state.request(), key, produced.signature());
    }

    /** A request and its answer. */
    record Answered(SigningRequest request, Point key, Signature signature) {}

    /** Valid under the key, low s, and with the recovery id that gives the key back. */
    static void requireGenuine(Point key, Bytes digest, Signature signature) throws Refusal {
        if (!signature.isLowS()
                || !Ecdsa.verify(key, digest, signature)
                || !Ecdsa.recover(digest, signature).equals(Optional.of(key))) {
            throw new Refusal("signature-wrong", "the signature is not the key's over the digest");
        }
    }

    private RequestState burnIfLost(RequestState state, Committee committee) {
        if (state.assignment().isEmpty()) {
            return state;
        }
        Assignment assignment = state.assignment().get();
        long able = assignment.holders().stream()
                .filter(g -> g.isCurrent(committee))
                .count();
        boolean late = store.view().parameters().request().passed(assignment.at(), store.now());
        if (able > committee.threshold() && !late) {
            return state;
        }
        store.context()
                .emit("mpc.presignature-burned", assignment.presignature().encode());
        return state.burned();
    }
}
