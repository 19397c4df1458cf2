/**
 * Heads: what a node signs of its state for its peers, so that an old disk shows at the next boot.
 *
 * <p>{@link io.cloister.node.heads.PeerHeads}, {@link io.cloister.node.heads.Witnesses} and
 * {@link io.cloister.node.heads.Freshness} are state machines without threads, clocks and I/O;
 * {@link io.cloister.node.heads.HeadExchange} drives them. Messages and limits are written down in {@code docs/node.md}.
 */
@NullMarked
package io.cloister.node.heads;

import org.jspecify.annotations.NullMarked;
