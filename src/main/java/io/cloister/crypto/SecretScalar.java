package io.cloister.crypto;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.foreign.ValueLayout.OfLong;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Function;

/**
 * A secret integer modulo the order q of secp256k1, off the heap and zeroed on close. Arithmetic takes the same time
 * for all values and gives a new secret that its receiver closes; operands stay open. Zero is allowed. No value
 * equality, no text form, no serialisation. Thread-safe; use after close is an {@link IllegalStateException}.
 */
public final class SecretScalar implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final OfLong BIG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final SecretMemory memory; // 32 big-endian bytes, as libsecp256k1 reads them

    private SecretScalar(SecretMemory memory) {
        this.memory = memory;
    }

    /** A uniform number from 1 to q - 1 of the system's random generator. */
    public static SecretScalar random() {
        byte[] drawn = new byte[32];
        long[] limbs = new long[4];
        do { // repeats once in 2^128 draws, so the repetition says nothing
            RANDOM.nextBytes(drawn);
            load(MemorySegment.ofArray(drawn), limbs);
        } while ((ScalarField.exceeds(limbs) | zero(limbs)) != 0);
        Arrays.fill(drawn, (byte) 0);
        return taking(limbs);
    }

    /**
     * Reads 32 big-endian bytes; the source stays open.
     *
     * @throws CodecException NOT_CANONICAL for q and above, TRUNCATED or TOO_LONG for any other length
     */
    public static SecretScalar decode(SecretBytes encoded) {
        if (encoded.length() != 32) {
            Reason reason = encoded.length() < 32 ? Reason.TRUNCATED : Reason.TOO_LONG;
            throw new CodecException(reason, "a secret scalar of " + encoded.length() + " bytes");
        }
        return encoded.use(bytes -> {
            long[] limbs = new long[4];
            load(MemorySegment.ofArray(bytes), limbs);
            if (ScalarField.exceeds(limbs) != 0) {
                Arrays.fill(limbs, 0);
                throw new CodecException(Reason.NOT_CANONICAL, "a secret scalar that is not below the group order");
            }
            return taking(limbs);
        });
    }

    /** The class of 64 secret bytes, without measurable bias: for scalars derived by HKDF. The source stays open. */
    public static SecretScalar reduce(SecretBytes wide) {
        if (wide.length() != 64) {
            throw new IllegalArgumentException("64 bytes are reduced, not " + wide.length());
        }
        return wide.use(bytes -> {
            long[] high = new long[4];
            long[] low = new long[4];
            load(MemorySegment.ofArray(bytes).asSlice(0, 32), high);
            load(MemorySegment.ofArray(bytes).asSlice(32, 32), low);
            ScalarField.mul(high, high, ScalarField.TWO_TO_256);
            ScalarField.mul(low, low, ScalarField.ONE);
            ScalarField.add(low, low, high);
            Arrays.fill(high, 0);
            return taking(low);
        });
    }

    /** A secret holder of a value that is known to all, for formulas that mix both. */
    public static SecretScalar fromPublic(Scalar value) {
        return taking(value.limbs());
    }

    public SecretScalar add(SecretScalar other) {
        return combine(other.load(), ScalarField::add);
    }

    public SecretScalar add(Scalar other) {
        return combine(other.limbs(), ScalarField::add);
    }

    public SecretScalar sub(SecretScalar other) {
        return combine(other.load(), ScalarField::sub);
    }

    public SecretScalar sub(Scalar other) {
        return combine(other.limbs(), ScalarField::sub);
    }

    public SecretScalar mul(SecretScalar other) {
        return combine(other.load(), ScalarField::mul);
    }

    public SecretScalar mul(Scalar other) {
        return combine(other.limbs(), ScalarField::mul);
    }

    public SecretScalar negate() {
        long[] own = load();
        long[] out = new long[4];
        ScalarField.sub(out, new long[4], own);
        Arrays.fill(own, 0);
        return taking(out);
    }

    /** @throws ArithmeticException for zero */
    public SecretScalar inverse() {
        if (isZero()) {
            throw new ArithmeticException("zero has no inverse");
        }
        long[] own = load();
        long[] out = new long[4];
        ScalarField.inverse(out, own);
        Arrays.fill(own, 0);
        return taking(out);
    }

    public boolean isZero() {
        long[] own = load();
        long result = zero(own);
        Arrays.fill(own, 0);
        return result != 0;
    }

    /** A second holder of the same value, closed on its own. */
    public SecretScalar copy() {
        return taking(load());
    }

    /** 32 big-endian bytes, still secret. */
    public SecretBytes export() {
        byte[] bytes = new byte[32];
        memory.read(bytes);
        return SecretBytes.taking(bytes);
    }

    /** Makes the value public. This is the only way from a secret scalar to a public one. */
    public Scalar reveal() {
        byte[] bytes = new byte[32];
        memory.read(bytes);
        return Scalar.decode(Bytes.wrap(bytes));
    }

    /** Lends the 32 big-endian bytes to a native call. */
    <T> T use(Function<MemorySegment, T> function) {
        return memory.use(function);
    }

    @Override
    public void close() {
        memory.close();
    }

    private interface Operation {
        void apply(long[] out, long[] a, long[] b);
    }

    private SecretScalar combine(long[] other, Operation operation) {
        long[] own = load();
        long[] out = new long[4];
        operation.apply(out, own, other);
        Arrays.fill(own, 0);
        Arrays.fill(other, 0);
        return taking(out);
    }

    private long[] load() {
        long[] limbs = new long[4];
        memory.use(segment -> {
            load(segment, limbs);
            return limbs;
        });
        return limbs;
    }

    private static void load(MemorySegment source, long[] limbs) {
        for (int i = 0; i < 4; i++) {
            limbs[i] = source.get(BIG, 24 - 8L * i);
        }
    }

    private static SecretScalar taking(long[] limbs) {
        SecretMemory memory = SecretMemory.allocate(32);
        memory.use(segment -> {
            for (int i = 0; i < 4; i++) {
                segment.set(BIG, 24 - 8L * i, limbs[i]);
            }
            return segment;
        });
        Arrays.fill(limbs, 0);
        return new SecretScalar(memory);
    }

    /** 1 for zero, else 0. */
    private static long zero(long[] limbs) {
        long any = limbs[0] | limbs[1] | limbs[2] | limbs[3];
        return (any | -any) >>> 63 ^ 1;
    }
}
