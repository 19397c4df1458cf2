package io.cloister.architecture.seeded.ledger;

import io.cloister.architecture.seeded.api.DatabaseStarter;

/** A context that imports what lies to its left. */
record Upward(DatabaseStarter upward) {}
