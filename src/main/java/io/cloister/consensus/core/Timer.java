package io.cloister.consensus.core;

/** What a node waits for. A timer that has become pointless is ignored when it fires; none is ever cancelled. */
public sealed interface Timer {
    /** timeoutPropose, timeoutPrevote or timeoutPrecommit of a round. */
    record OfRound(long epoch, long height, int round, Step step) implements Timer {}

    /** The least time between two blocks is over. */
    record Earliest(long height) implements Timer {}

    /** No longer is waited for as many transactions as the last block had. */
    record Gathered(long height) implements Timer {}

    /** Time for a block even if it is empty. */
    record Latest(long height) implements Timer {}

    /** The regular beat: repeat own messages, tell peers what is missing. */
    record Tick() implements Timer {}

    /** A peer has had its time to answer a request for blocks. */
    record Request(long serial) implements Timer {}

    /** A peer has had its time to answer a request for a snapshot or a part of it. */
    record Snapshot(long serial) implements Timer {}
}
