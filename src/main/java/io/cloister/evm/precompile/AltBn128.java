package io.cloister.evm.precompile;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.ECPoint;

/**
 * ECADD and ECMUL on alt_bn128, y^2 = x^3 + 3 (EIP-196, prices of EIP-1108). A point is x || y, infinity 64 zero bytes.
 */
record AltBn128(long price, int inputLength, Function<byte[], ECPoint> function) implements Precompile {
    private static final BigInteger PRIME =
            new BigInteger("21888242871839275222246405745257275088696311157297823662689037894645226208583");
    private static final BigInteger ORDER =
            new BigInteger("21888242871839275222246405745257275088548364400416034343698204186575808495617");
    private static final ECCurve CURVE =
            new ECCurve.Fp(PRIME, BigInteger.ZERO, BigInteger.valueOf(3), ORDER, BigInteger.ONE);

    static Precompile addition() {
        return new AltBn128(150, 128, input -> point(input, 0).add(point(input, 64)));
    }

    static Precompile multiplication() {
        return new AltBn128(
                6_000, 96, input -> point(input, 0).multiply(number(input, 64).mod(ORDER)));
    }

    @Override
    public long gas(byte[] input) {
        return price;
    }

    @Override
    public Optional<byte[]> run(byte[] input) {
        try {
            ECPoint result = function.apply(Arrays.copyOf(input, inputLength)).normalize();
            byte[] out = new byte[64];
            if (!result.isInfinity()) {
                System.arraycopy(result.getAffineXCoord().getEncoded(), 0, out, 0, 32);
                System.arraycopy(result.getAffineYCoord().getEncoded(), 0, out, 32, 32);
            }
            return Optional.of(out);
        } catch (IllegalArgumentException e) { // a coordinate outside the field, or a point off the curve
            return Optional.empty();
        }
    }

    private static ECPoint point(byte[] input, int at) {
        BigInteger x = number(input, at);
        BigInteger y = number(input, at + 32);
        return x.signum() == 0 && y.signum() == 0 ? CURVE.getInfinity() : CURVE.validatePoint(x, y);
    }

    private static BigInteger number(byte[] input, int at) {
        return new BigInteger(1, Arrays.copyOfRange(input, at, at + 32));
    }
}
