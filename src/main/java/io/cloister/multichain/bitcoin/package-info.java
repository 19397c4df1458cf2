/**
 * The Bitcoin family, pure: addresses, transactions, the gateway script with its guardian branch, SPV proofs and the
 * deterministic building of release transactions. Every node computes the same bytes from the same arguments.
 *
 * <p>Never reads a clock, a socket or a private key: signing happens elsewhere, over the digests handed out here.
 * Layouts: {@code docs/multichain.md}, BIP-68, BIP-112, BIP-141, BIP-143, BIP-173 and BIP-350.
 */
@NullMarked
package io.cloister.multichain.bitcoin;

import org.jspecify.annotations.NullMarked;
