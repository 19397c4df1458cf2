package io.cloister.consensus.engine;

import io.cloister.consensus.core.Timer;

/** Calls {@link Participant#fire} after a delay, on the consensus thread. */
@FunctionalInterface
interface Alarms {
    void arm(Timer timer, long delayMillis);
}
