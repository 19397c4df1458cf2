package io.cloister.evm.precompile;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * MODEXP (EIP-198) with the price of EIP-2565 and, since Osaka, the bounds of EIP-7823 and the price of EIP-7883.
 *
 * @param minimum least gas
 * @param divisor of the product of both factors
 * @param longExponentFactor iterations for each exponent byte beyond 32
 * @param shortOperands the complexity of operands up to 32 bytes; 0 for the same formula as longer ones
 * @param longOperandFactor of the complexity of longer operands
 * @param maxLength of each operand, in bytes; longer ones are refused
 */
record ModularPower(
        long minimum,
        long divisor,
        long longExponentFactor,
        long shortOperands,
        long longOperandFactor,
        OptionalInt maxLength)
        implements Precompile {
    private static final int HEADER = 96;
    private static final BigInteger COMPUTABLE = BigInteger.valueOf(1 << 20); // paid with 5.7 * 10^9 gas and more
    private static final BigInteger MOST_GAS = BigInteger.valueOf(Long.MAX_VALUE);

    static Precompile berlin() {
        return new ModularPower(200, 3, 8, 0, 1, OptionalInt.empty());
    }

    static Precompile osaka() {
        return new ModularPower(500, 1, 16, 16, 2, OptionalInt.of(1024));
    }

    @Override
    public long gas(byte[] input) {
        BigInteger baseLength = length(input, 0);
        BigInteger exponentLength = length(input, 32);
        BigInteger longest = baseLength.max(length(input, 64));
        BigInteger words = longest.add(BigInteger.valueOf(7)).shiftRight(3);
        boolean small = longest.compareTo(BigInteger.valueOf(32)) <= 0;
        BigInteger complexity = small && shortOperands > 0
                ? BigInteger.valueOf(shortOperands)
                : words.multiply(words).multiply(BigInteger.valueOf(longOperandFactor));
        BigInteger iterations = iterations(input, baseLength, exponentLength);
        BigInteger gas = complexity.multiply(iterations).divide(BigInteger.valueOf(divisor));
        return gas.max(BigInteger.valueOf(minimum)).min(MOST_GAS).longValue();
    }

    private BigInteger iterations(byte[] input, BigInteger baseLength, BigInteger exponentLength) {
        BigInteger thirtyTwo = BigInteger.valueOf(32);
        BigInteger headLength = exponentLength.min(thirtyTwo);
        BigInteger head = number(input, baseLength.add(BigInteger.valueOf(HEADER)), headLength.intValue());
        BigInteger beyond = exponentLength.subtract(headLength).multiply(BigInteger.valueOf(longExponentFactor));
        return beyond.add(BigInteger.valueOf(Math.max(head.bitLength() - 1, 0))).max(BigInteger.ONE);
    }

    @Override
    public Optional<byte[]> run(byte[] input) {
        BigInteger baseLength = length(input, 0);
        BigInteger exponentLength = length(input, 32);
        BigInteger modulusLength = length(input, 64);
        BigInteger longest = baseLength.max(exponentLength).max(modulusLength);
        if (maxLength.isPresent() && longest.compareTo(BigInteger.valueOf(maxLength.getAsInt())) > 0) {
            return Optional.empty();
        }
        if (modulusLength.signum() == 0) {
            return Optional.of(new byte[0]);
        }
        if (longest.compareTo(COMPUTABLE) > 0) {
            throw new OperandTooLongException();
        }
        byte[] answer = new byte[modulusLength.intValue()];
        BigInteger at = BigInteger.valueOf(HEADER);
        BigInteger base = number(input, at, baseLength.intValue());
        BigInteger exponent = number(input, at.add(baseLength), exponentLength.intValue());
        BigInteger modulus = number(input, at.add(baseLength).add(exponentLength), answer.length);
        if (modulus.signum() != 0) {
            byte[] power = base.modPow(exponent, modulus).toByteArray();
            int from = power[0] == 0 ? 1 : 0;
            System.arraycopy(power, from, answer, answer.length - (power.length - from), power.length - from);
        }
        return Optional.of(answer);
    }

    private static BigInteger length(byte[] input, int at) {
        return number(input, BigInteger.valueOf(at), 32);
    }

    /** So many bytes from an offset; what lies beyond the input is zero. */
    private static BigInteger number(byte[] input, BigInteger offset, int length) {
        if (offset.compareTo(BigInteger.valueOf(input.length)) >= 0) {
            return BigInteger.ZERO;
        }
        int from = offset.intValue();
        int available = Math.min(length, input.length - from);
        BigInteger read = new BigInteger(1, Arrays.copyOfRange(input, from, from + available));
        return read.shiftLeft(8 * (length - available));
    }
}
