package io.cloister.evm;

import io.cloister.codec.Bytes;
import java.math.BigInteger;

/**
 * The block that a transaction is simulated in.
 *
 * @param coinbase 20 bytes
 * @param timestamp seconds since the epoch
 * @param prevRandao 32 bytes
 * @param baseFee wei for a unit of gas
 * @param blobBaseFee wei for a unit of blob gas, {@link Fork#blobBaseFee} of the header's excess
 */
public record BlockEnvironment(
        BigInteger chainId,
        long number,
        long timestamp,
        long gasLimit,
        Bytes coinbase,
        Bytes prevRandao,
        BigInteger baseFee,
        BigInteger blobBaseFee) {}
