package io.cloister.evm;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Ethereum's rules by the names of its upgrades; {@link ForkRules} holds them as data. */
public enum Fork {
    CANCUN,
    PRAGUE,
    OSAKA;

    /** A fork by its name in any case. */
    public static Optional<Fork> named(String name) {
        return Stream.of(values())
                .filter(fork -> fork.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst();
    }

    /** The base fee of blob gas for a block's excess (EIP-4844, fake exponential), with this fork's parameters. */
    public BigInteger blobBaseFee(long excessBlobGas) {
        BigInteger excess = BigInteger.valueOf(excessBlobGas);
        BigInteger divisor = BigInteger.valueOf(rules().blobUpdateFraction());
        BigInteger sum = BigInteger.ZERO;
        BigInteger term = divisor;
        for (long i = 1; term.signum() > 0; i++) {
            sum = sum.add(term);
            term = term.multiply(excess).divide(divisor.multiply(BigInteger.valueOf(i)));
        }
        return sum.divide(divisor);
    }

    ForkRules rules() {
        return ForkRules.of(this);
    }
}
