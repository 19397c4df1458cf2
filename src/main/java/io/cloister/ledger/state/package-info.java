/**
 * The state tree: an immutable, ordered, authenticated map from byte strings to byte strings.
 *
 * <p>An execution works on its own version of the tree and shares everything it did not change with the version
 * before it, so a proposal that is not decided costs nothing to forget. The hashing rules are in
 * {@code docs/ledger.md}.
 */
@NullMarked
package io.cloister.ledger.state;

import org.jspecify.annotations.NullMarked;
