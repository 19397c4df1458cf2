package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Point;
import io.cloister.crypto.Signature;
import io.cloister.ledger.Context;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.View;
import io.cloister.mpc.board.Board;
import io.cloister.mpc.board.BoardView;
import io.cloister.mpc.board.MpcKeys;
import io.cloister.mpc.board.SigningRequest;
import io.cloister.mpc.sharing.Derivation;
import java.util.List;
import java.util.Optional;

/** The threshold key as the bridge uses it. The root key signs mints, derived keys hold the outputs. */
record Shard(Board board) {

    /** Empty until the key has been generated. */
    Optional<Point> rootKey(View any) {
        return new MpcKeys(any).signingKey();
    }

    Point derivedKey(Point root, List<Bytes> path) {
        return Derivation.publicKey(root, path);
    }

    /** Signatures that can be ordered now. */
    int room(View any) {
        return BoardView.of(any).room();
    }

    /** Signatures that can be ordered at one time, when none waits. */
    int wholeRoom(View any) {
        return BoardView.of(any).parameters().maxPending();
    }

    /**
     * Orders a signature, which comes back to {@link BridgeModule#signatureProduced}, unless the same was asked for and
     * answered before: then it is here already and nothing will come.
     */
    Optional<Signature> request(Context context, Bytes requestId, Bytes digest, List<Bytes> path, String purpose)
            throws Refusal {
        return board.requestSignature(context, new SigningRequest(requestId, digest, path, purpose));
    }
}
