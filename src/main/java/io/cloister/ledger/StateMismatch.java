package io.cloister.ledger;

import io.cloister.codec.Bytes;

/** The stored state is not the one that the certified header names: the storage was changed behind the node's back. */
public final class StateMismatch extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    StateMismatch(long height, Bytes certified, Bytes found) {
        super("the stored state has root " + found + ", the certified header of height " + height + " says "
                + certified);
    }
}
