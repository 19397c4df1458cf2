/**
 * The attested handshake and the periodic re-attestation, as pure state machines, with the codecs of their messages.
 *
 * <p>A machine takes one input and returns its next state and effects; it reads no clock, draws no randomness and does
 * no I/O. It never lets a connection become established before the peer's evidence was judged and both finish codes
 * fit. Rules are numbered H1 to H20 in {@code docs/channel.md}; the code names them.
 */
@NullMarked
package io.cloister.channel.handshake;

import org.jspecify.annotations.NullMarked;
