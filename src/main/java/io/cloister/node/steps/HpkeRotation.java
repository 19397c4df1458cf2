package io.cloister.node.steps;

import io.cloister.evm.exchange.ServingKeys;
import java.time.Duration;

/** Rotates the keys that requests are sealed to for as long as the node runs. */
final class HpkeRotation implements AutoCloseable {
    private final ServingKeys keys;
    private final Duration period;
    private final Thread thread;

    HpkeRotation(ServingKeys keys, Duration period) {
        this.keys = keys;
        this.period = period;
        this.thread = Thread.ofVirtual().name("hpke-rotation").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(period);
                keys.rotate();
            }
        } catch (InterruptedException e) {
            // The node stops.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
