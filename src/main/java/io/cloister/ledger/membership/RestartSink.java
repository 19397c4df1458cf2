package io.cloister.ledger.membership;

import io.cloister.ledger.Context;

/** Told, in the block that orders it, that a slot runs under new boot keys; what was made for the old ones is void. */
public interface RestartSink {
    void slotRestarted(Context context, int slot, long bootCounter);
}
