/**
 * The adapter that runs the threshold machines in a node: final blocks and peers' messages in, messages, transactions
 * and sealed shares out.
 *
 * <p>One thread of its own; it never holds up the thread that commits or the channel's threads, and everything that
 * waits is bounded. The protocol itself is in {@code io.cloister.mpc.protocol}; docs/mpc.md, section "In a node".
 */
@NullMarked
package io.cloister.mpc.node;

import org.jspecify.annotations.NullMarked;
