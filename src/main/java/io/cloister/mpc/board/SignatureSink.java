package io.cloister.mpc.board;

import io.cloister.crypto.Point;
import io.cloister.crypto.Signature;
import io.cloister.ledger.Context;

/** The module that asked for signatures, told of each answer while the block that orders it is executed. */
public interface SignatureSink {
    /** Module number of the sink; the context it gets is its own. */
    int module();

    /**
     * The one answer of a request. Deterministic; must not throw, because the signature is a fact whatever the sink
     * makes of it.
     *
     * @param publicKey the derived key that the signature verifies under
     */
    void signatureProduced(Context own, SigningRequest request, Point publicKey, Signature signature);
}
