package io.cloister.multichain;

import io.cloister.codec.Bytes;

/**
 * A block by height and hash.
 *
 * @param hash in the chain's wire order (for UTXO chains the reverse of what explorers show)
 */
public record BlockRef(long height, Bytes hash) {}
