/**
 * The ledger's one adapter: submits transactions of this node and answers, on threads of its own, when they are ordered.
 *
 * <p>It decides nothing. What a transaction does is written down in {@code docs/ledger.md}.
 */
@NullMarked
package io.cloister.ledger.local;

import org.jspecify.annotations.NullMarked;
