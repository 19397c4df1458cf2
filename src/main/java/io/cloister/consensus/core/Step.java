package io.cloister.consensus.core;

/** Where a validator stands in a round, in the paper's order. */
public enum Step {
    PROPOSE,
    PREVOTE,
    PRECOMMIT
}
