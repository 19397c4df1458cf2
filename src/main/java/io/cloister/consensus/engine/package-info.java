/**
 * The running node: one thread that owns the core, its timers and its bounded inbox, the pool of transactions, and the
 * carrying out of effects: signing, logging, executing, committing, sending.
 *
 * <p>{@code Participant} does all of that without a thread or a clock of its own, so that the seeded simulator drives
 * the very same class; {@code Engine} adds the thread. No rule of agreement is decided here.
 */
@NullMarked
package io.cloister.consensus.engine;

import org.jspecify.annotations.NullMarked;
