/**
 * What every other context sees of foreign chains: their profiles, the hashes that name a transfer, blocks by height and
 * hash, confirmation policy and the typed refusals of proofs and addresses.
 *
 * <p>The chain formats live in {@code multichain.bitcoin} and {@code multichain.ethereum}, both pure; talking to nodes
 * is {@code multichain.rpc}. Nothing here knows the ledger or the bridge. Formulas and layouts: {@code
 * docs/multichain.md}.
 */
@NullMarked
package io.cloister.multichain;

import org.jspecify.annotations.NullMarked;
