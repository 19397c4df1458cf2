package io.cloister.multichain.ethereum;

import io.cloister.codec.Bytes;
import java.math.BigInteger;

/**
 * What the committee signs for a deposit.
 *
 * @param payloadHash pHash, 32 bytes
 * @param amount in the asset's smallest unit, after fees
 * @param to 20 bytes
 * @param depositHash nHash, 32 bytes: minted once
 */
public record Mint(Bytes payloadHash, BigInteger amount, Bytes to, Bytes depositHash) {
    public Mint {
        if (payloadHash.length() != 32 || to.length() != 20 || depositHash.length() != 32) {
            throw new IllegalArgumentException("a mint has 32, 20 and 32 bytes");
        }
        if (amount.signum() <= 0 || amount.bitLength() > 256) {
            throw new IllegalArgumentException("an amount is positive and has at most 256 bits");
        }
    }
}
