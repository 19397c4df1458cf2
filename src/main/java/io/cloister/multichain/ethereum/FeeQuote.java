package io.cloister.multichain.ethereum;

import java.math.BigInteger;
import java.util.List;

/**
 * What a transaction offers for gas (EIP-1559), in wei.
 *
 * @param maxFee cap for base fee and tip together
 * @param tip for the block's author
 */
public record FeeQuote(BigInteger maxFee, BigInteger tip) {
    private static final BigInteger LEAST_TIP = BigInteger.valueOf(1_000_000);

    /**
     * Room for the base fee to double (six full blocks), and the median of recent tips.
     *
     * @param baseFee of the next block
     * @param tips paid lately; may be empty
     */
    public static FeeQuote of(BigInteger baseFee, List<BigInteger> tips) {
        List<BigInteger> sorted = tips.stream().sorted().toList();
        BigInteger median = sorted.isEmpty() ? LEAST_TIP : sorted.get(sorted.size() / 2);
        BigInteger tip = median.max(LEAST_TIP);
        return new FeeQuote(baseFee.shiftLeft(1).add(tip), tip);
    }
}
