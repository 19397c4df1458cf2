package io.cloister.ledger;

import io.cloister.codec.Bytes;
import java.util.concurrent.CompletableFuture;

/** How the node's own runners and its interface put transactions on the ledger and read it. */
public interface LedgerClient {

    /**
     * Signs the body as this node and submits it. The future ends with the receipt, or with a {@link Refusal} when it
     * is refused at the door, or with a timeout when it ran out before it stood in a block.
     */
    CompletableFuture<Receipt> submit(int module, int kind, Bytes body);

    /** The last committed state. */
    View state();

    long height();
}
