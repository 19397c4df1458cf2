package io.cloister.mpc.board;

import io.cloister.crypto.Signature;
import io.cloister.ledger.Context;
import io.cloister.ledger.Refusal;
import java.util.Optional;

/** What other modules ask of the board while a block is executed. */
public interface Board {
    /**
     * Asks for a signature. The board queues the request, gives it a presignature at the end of a block, and calls the
     * {@link SignatureSink} in the block that orders the signature.
     *
     * @param any the caller's own context
     * @return the answer when this very request has one already
     * @throws Refusal {@code request-differs} when the id is taken by another request, {@code signing-queue-full}
     */
    Optional<Signature> requestSignature(Context any, SigningRequest request) throws Refusal;
}
