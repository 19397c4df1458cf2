/**
 * The steps of a node's boot: each opens one thing, gives it to the steps after it, and says why it cannot.
 *
 * <p>Wiring only: no rule of a protocol stands here. The order and what it protects are written down in
 * {@code docs/node.md}.
 */
@NullMarked
package io.cloister.node.steps;

import org.jspecify.annotations.NullMarked;
