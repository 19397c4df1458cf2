/**
 * The genesis file: what every node of a network has to be given, once, before its first block.
 *
 * <p>It holds nothing secret and is the same at every node; its digest stands in hellos, and what follows from it is
 * the parent of the first block. Written down in {@code docs/ledger.md}.
 */
@NullMarked
package io.cloister.bridge.genesis;

import org.jspecify.annotations.NullMarked;
