package io.cloister.consensus.engine;

/** Stores decided blocks beside the consensus thread, and tells that thread when one is durable. */
@FunctionalInterface
interface Storage {
    /** The tail has one more block. Waits when too many are unstored. */
    void decided();
}
