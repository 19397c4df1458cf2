package io.cloister.channel.grpc;

import io.cloister.channel.flow.AttemptLimiter;
import io.cloister.channel.flow.Slots;

/** What strangers may take up at one time and how fast they may come, by address. Thread-safe. (F7) */
final class Gate {
    private static final int MAX_ADDRESSES = 4096;

    private final AttemptLimiter pace;
    private final Slots slots;

    Gate(int burst, double perSecond, int total, int perAddress) {
        this.pace = new AttemptLimiter(burst, perSecond, MAX_ADDRESSES);
        this.slots = new Slots(total, perAddress);
    }

    synchronized boolean enter(String address) {
        return pace.allow(address, System.nanoTime()) && slots.take(address);
    }

    synchronized void leave(String address) {
        slots.release(address);
    }
}
