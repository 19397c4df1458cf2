/**
 * The frame of the replicated application: signed transactions, their routing to modules, one state tree whose root
 * every block header certifies, and receipts that prove what a transaction did.
 *
 * <p>The frame never interprets what a module writes and never looks outside the block: no clock, no socket, no
 * database. Consensus orders opaque bytes and stores the changes that an execution returns. The protocol is written
 * down in {@code docs/ledger.md}.
 */
@NullMarked
package io.cloister.ledger;

import org.jspecify.annotations.NullMarked;
