package io.cloister.mpc.protocol;

/** What a machine is told. Milliseconds count from any fixed point and never go back. */
public sealed interface Input {
    /** A block has become final; only the newest state matters. */
    record Advanced(Snapshot snapshot, long nowMillis) implements Input {}

    /** A member said something. */
    record Received(int slot, Message message, long nowMillis) implements Input {}

    /** Time has passed. */
    record Tick(long nowMillis) implements Input {}
}
