package io.cloister.consensus.core;

/**
 * The time at which an input is taken, as the node's clocks show it.
 *
 * @param millis of a clock that never goes back, for measuring how long something took
 * @param wallMillis since 1970, for the time of blocks
 */
public record Now(long millis, long wallMillis) {}
