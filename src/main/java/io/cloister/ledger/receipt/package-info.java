/**
 * Receipts for people who do not trust the node that hands them out: a transaction's receipt with its way to a
 * certified header, and the evidence of the validators who certified it.
 *
 * <p>Everything here is checked from bytes alone, without a network. Written down in {@code docs/ledger.md}.
 */
@NullMarked
package io.cloister.ledger.receipt;

import org.jspecify.annotations.NullMarked;
