/**
 * Tendermint as a pure state machine: {@code Input -> List<Effect>}, no thread, no clock, no I/O, no key.
 *
 * <p>{@code RoundMachine} holds the rules of one height with their line numbers in arXiv 1807.04938, {@code VoteKeeper}
 * counts, {@code Driver} plays one height, {@code Replica} goes from height to height, admits messages and keeps in
 * step with its peers. The same classes run in a node and in the seeded simulator. {@code docs/consensus.md} ties each
 * rule to its test.
 */
@NullMarked
package io.cloister.consensus.core;

import org.jspecify.annotations.NullMarked;
