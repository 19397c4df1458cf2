package io.cloister.multichain.bitcoin;

import io.cloister.codec.Bytes;

/**
 * Coin owed to somebody.
 *
 * @param script where it goes
 * @param amount after the bridge's fee and before the miner's, which comes out of it
 */
public record Payout(Bytes script, long amount) {
    public Payout {
        if (amount < 1) {
            throw new IllegalArgumentException("a payout is positive");
        }
    }
}
