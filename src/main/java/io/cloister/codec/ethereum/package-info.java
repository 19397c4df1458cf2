/**
 * Ethereum's wire formats: RLP, Merkle-Patricia tries, block headers, receipts and transaction envelopes.
 *
 * <p>Decoders are strict: one encoding for each value, sizes and depths bounded. Nothing here talks to a node or
 * decides what is final. Sources: Yellow Paper appendices B, C and D, EIP-155, EIP-1559, EIP-2718, EIP-2930, EIP-4844,
 * EIP-4895, EIP-7685, EIP-7702. This package may use {@code io.cloister.crypto}; the plain codec may not.
 */
@NullMarked
package io.cloister.codec.ethereum;

import org.jspecify.annotations.NullMarked;
