package io.cloister.evm;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Words against BigInteger, edges of limbs and signs more often than chance would have them. */
class WordsTest {
    private static final BigInteger RANGE = BigInteger.ONE.shiftLeft(256);

    private interface Binary {
        void apply(long[] s, int a, int b);
    }

    @Provide
    Arbitrary<BigInteger> words() {
        Arbitrary<BigInteger> edges =
                Arbitraries.of(Stream.of(0, 1, 5, 8, 31, 32, 33, 63, 64, 65, 96, 127, 128, 129, 191, 192, 255)
                        .map(BigInteger.ONE::shiftLeft)
                        .flatMap(power -> Stream.of(
                                power,
                                power.subtract(BigInteger.ONE),
                                power.add(BigInteger.ONE),
                                power.negate(),
                                power.negate().subtract(BigInteger.ONE)))
                        .map(number -> number.mod(RANGE))
                        .toList());
        Arbitrary<BigInteger> any = Arbitraries.bigIntegers().between(BigInteger.ZERO, RANGE.subtract(BigInteger.ONE));
        Arbitrary<BigInteger> digits = Arbitraries.of(0L, 1L, 0x7fffffffL, 0x80000000L, 0xffffffffL)
                .list()
                .ofSize(8)
                .map(list -> list.stream()
                        .map(BigInteger::valueOf)
                        .reduce(
                                BigInteger.ZERO,
                                (sum, digit) -> sum.shiftLeft(32).add(digit)));
        return Arbitraries.oneOf(
                edges, any, digits, Arbitraries.integers().between(0, 300).map(BigInteger::valueOf));
    }

    @Property(tries = 4_000)
    void computesAsBigIntegersDo(@ForAll("words") BigInteger a, @ForAll("words") BigInteger b) {
        boolean zero = b.signum() == 0;
        assertThat(apply(Arithmetic::add, a, b)).isEqualTo(a.add(b).mod(RANGE));
        assertThat(apply(Arithmetic::sub, a, b)).isEqualTo(a.subtract(b).mod(RANGE));
        assertThat(apply(Arithmetic::mul, a, b)).isEqualTo(a.multiply(b).mod(RANGE));
        assertThat(apply((s, x, y) -> Arithmetic.divide(s, x, y, false), a, b)).isEqualTo(zero ? b : a.divide(b));
        assertThat(apply((s, x, y) -> Arithmetic.divide(s, x, y, true), a, b)).isEqualTo(zero ? b : a.mod(b));
        assertThat(apply((s, x, y) -> Arithmetic.divideSigned(s, x, y, false), a, b))
                .isEqualTo(zero ? b : signed(a).divide(signed(b)).mod(RANGE));
        assertThat(apply((s, x, y) -> Arithmetic.divideSigned(s, x, y, true), a, b))
                .isEqualTo(zero ? b : signed(a).remainder(signed(b)).mod(RANGE));
        long[] s = new long[8];
        Words.set(s, 4, a);
        Words.set(s, 0, b);
        assertThat(Words.isLess(s, 4, 0)).isEqualTo(a.compareTo(b) < 0);
        assertThat(Words.isSignedLess(s, 4, 0)).isEqualTo(signed(a).compareTo(signed(b)) < 0);
    }

    @Property(tries = 4_000)
    void reducesAsBigIntegersDo(
            @ForAll("words") BigInteger a, @ForAll("words") BigInteger b, @ForAll("words") BigInteger m) {
        assertThat(apply(a, b, m, true))
                .isEqualTo(m.signum() == 0 ? m : a.multiply(b).mod(m));
        assertThat(apply(a, b, m, false))
                .isEqualTo(m.signum() == 0 ? m : a.add(b).mod(m));
    }

    @Property(tries = 500)
    void raisesToPowers(@ForAll("words") BigInteger a, @ForAll("words") BigInteger b) {
        assertThat(apply(Arithmetic::power, a, b)).isEqualTo(a.modPow(b, RANGE));
    }

    @Property(tries = 4_000)
    void shiftsAndPicksBytes(@ForAll("words") BigInteger value, @ForAll("words") BigInteger by) {
        int shift = by.min(BigInteger.valueOf(256)).intValue();
        assertThat(apply(Words::shiftLeft, by, value))
                .isEqualTo(value.shiftLeft(shift).mod(RANGE));
        assertThat(apply((s, x, y) -> Words.shiftRight(s, x, y, false), by, value))
                .isEqualTo(value.shiftRight(shift));
        assertThat(apply((s, x, y) -> Words.shiftRight(s, x, y, true), by, value))
                .isEqualTo(signed(value).shiftRight(shift).mod(RANGE));
        BigInteger picked = shift > 31
                ? BigInteger.ZERO
                : value.shiftRight(8 * (31 - shift)).and(BigInteger.valueOf(0xff));
        assertThat(apply(Words::byteAt, by, value)).isEqualTo(picked);
        assertThat(apply(Words::signExtend, by, value)).isEqualTo(extended(value, shift));
        assertThat(apply((s, x, y) -> Words.leadingZeros(s, y), by, value))
                .isEqualTo(BigInteger.valueOf(256 - value.bitLength()));
    }

    @Property(tries = 500)
    void keepsBytes(@ForAll("words") BigInteger value) {
        long[] s = new long[4];
        Words.set(s, 0, value);
        assertThat(Words.toBigInteger(s, 0)).isEqualTo(value);
        assertThat(Words.ofBytes(Words.toBytes(s, 0))).isEqualTo(s);
        byte[] code = new byte[41];
        byte[] word = Words.toBytes(s, 0).toArray();
        for (int length = 1; length <= 32; length++) {
            System.arraycopy(word, 0, code, 1, 32);
            long[] pushed = new long[4];
            Words.loadPush(code, 1, length, pushed, 0);
            assertThat(Words.toBigInteger(pushed, 0)).isEqualTo(value.shiftRight(8 * (32 - length)));
        }
    }

    private static BigInteger extended(BigInteger value, int index) {
        if (index >= 31) {
            return value;
        }
        int bits = 8 * (index + 1);
        BigInteger low = value.mod(BigInteger.ONE.shiftLeft(bits));
        return low.testBit(bits - 1)
                ? low.subtract(BigInteger.ONE.shiftLeft(bits)).mod(RANGE)
                : low;
    }

    private static BigInteger signed(BigInteger word) {
        return word.testBit(255) ? word.subtract(RANGE) : word;
    }

    /** The operand at 4 is a, the one at 0 is b and takes the result. */
    private static BigInteger apply(Binary operation, BigInteger a, BigInteger b) {
        long[] s = new long[8];
        Words.set(s, 4, a);
        Words.set(s, 0, b);
        operation.apply(s, 4, 0);
        return Words.toBigInteger(s, 0);
    }

    private static BigInteger apply(BigInteger a, BigInteger b, BigInteger m, boolean multiply) {
        long[] s = new long[12];
        Words.set(s, 8, a);
        Words.set(s, 4, b);
        Words.set(s, 0, m);
        if (multiply) {
            Arithmetic.multiplyModulo(s, 8, 4, 0);
        } else {
            Arithmetic.addModulo(s, 8, 4, 0);
        }
        return Words.toBigInteger(s, 0);
    }
}
