/**
 * A node's part in the threshold protocols as state machines: inputs in, effects out.
 *
 * <p>Pure: the clock comes in as milliseconds, messages and final states come in as inputs, and everything that must
 * happen outside is an {@code Effect}. All machines are level-triggered: what is to do follows from the last final
 * state, so a restart or a lost message loses nothing. Presignature shares live in these objects only. Rules:
 * docs/mpc.md.
 */
@NullMarked
package io.cloister.mpc.protocol;

import org.jspecify.annotations.NullMarked;
