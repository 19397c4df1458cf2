/**
 * Where clients hand in transactions and get back proof of what became of them: one gRPC stream of the project's own
 * frames, on which a refusal or the block's header, certificate and Merkle path answers each request.
 *
 * <p>Owns no part of agreement: it submits to the engine and hears of decided blocks. What one client can make it hold
 * is bounded by {@link io.cloister.consensus.ingress.IngressSettings}. {@code docs/consensus.md} has the frames.
 */
@NullMarked
package io.cloister.consensus.ingress;

import org.jspecify.annotations.NullMarked;
