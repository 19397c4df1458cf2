/**
 * The public types of agreement: validators, headers, blocks, certificates and the application that they order bytes
 * for.
 *
 * <p>Owns what is signed and what is stored; knows no round, no thread, no clock and no network. The round machine is
 * in {@code consensus.core}, durable storage in {@code consensus.store}, the running node in {@code consensus.engine}.
 * The protocol is Tendermint as of arXiv 1807.04938; {@code docs/consensus.md} ties each of its rules to code and test.
 */
@NullMarked
package io.cloister.consensus;

import org.jspecify.annotations.NullMarked;
