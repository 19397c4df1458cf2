/**
 * Threshold keys and signatures: what the rest of the house says about a committee and its members.
 *
 * <p>Owns the committee's shape (slots, thresholds, registered keys) and the port that reads it. It never signs, deals
 * or stores anything itself: {@code sharing} has the algebra, {@code dealing} the messages, {@code board} the
 * replicated bookkeeping, {@code protocol} the state machines and {@code node} the adapter. The protocol is written in
 * docs/mpc.md.
 */
@NullMarked
package io.cloister.mpc;

import org.jspecify.annotations.NullMarked;
