package io.cloister.consensus.ingress;

/** A request whose transaction is in the pool, and where its answer goes. */
record Waiter(ClientStream stream, long id, int bytes, long sinceNanos) {}
