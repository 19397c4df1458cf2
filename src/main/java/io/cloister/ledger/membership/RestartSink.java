package io.cloister.ledger.membership;

import io.cloister.ledger.Context;

/**
 * Told, in the block with which it begins to count, that a slot runs under new boot keys; what was made for the old ones is
 * void. A slot that has lost its seat goes over to a boot that nobody has.
 */
public interface RestartSink {
    void slotRestarted(Context context, int slot, long bootCounter);
}
