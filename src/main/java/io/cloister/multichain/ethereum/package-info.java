/**
 * Ethereum-like chains, pure: the gateway's EIP-712 digests, its calls and events, receipt proofs against a header
 * hash, and unsigned EIP-1559 transactions.
 *
 * <p>Never reads a clock, a socket or a private key. The contract's side is written down in {@code docs/contracts.md},
 * the proofs in {@code docs/multichain.md}.
 */
@NullMarked
package io.cloister.multichain.ethereum;

import org.jspecify.annotations.NullMarked;
