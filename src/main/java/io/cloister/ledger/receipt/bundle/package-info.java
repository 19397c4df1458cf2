/**
 * Receipts that prove themselves to whoever trusts one set of validators of the chain, older or newer: bundles, their
 * three forms (JSON, CBOR, COSE) and the check.
 *
 * <p>These classes and those that they need make up {@code cloister-verifier.jar} and lean on the Java runtime alone.
 * Written down in {@code docs/receipts.md}.
 */
@NullMarked
package io.cloister.ledger.receipt.bundle;

import org.jspecify.annotations.NullMarked;
