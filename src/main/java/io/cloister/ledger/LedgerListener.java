package io.cloister.ledger;

/**
 * Told of each final block, in order, on the thread that commits: it hands the work over and returns. What is to be
 * done is read from the state and not from the events, so a node that was away misses nothing.
 */
public interface LedgerListener {
    void committed(Committed committed);
}
