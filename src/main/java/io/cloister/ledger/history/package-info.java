/**
 * Which validators were in force since when: an append-only log in the state, one entry for each change, under one root. The
 * rules are in {@code docs/ledger.md}.
 */
@NullMarked
package io.cloister.ledger.history;

import org.jspecify.annotations.NullMarked;
