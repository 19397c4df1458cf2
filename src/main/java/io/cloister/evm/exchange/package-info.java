/**
 * Requests and answers of the private simulation, sealed and signed; the same code on both ends.
 *
 * <p>A request is sealed to a key that the node's evidence binds; the answer is sealed under a key of the same HPKE
 * context and signed by the node. Nothing here interprets a request. Written down in {@code docs/evm.md}.
 */
@NullMarked
package io.cloister.evm.exchange;

import org.jspecify.annotations.NullMarked;
