package io.cloister.mpc.sharing;

import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.Point;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.SecretBytes;
import io.cloister.crypto.SecretScalar;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One slot's secret share of one sharing: f(j), and f'(j) when the sharing is masked. Closing it zeroes both. */
public final class Share implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretScalar value;
    private final Optional<SecretScalar> mask;

    private Share(SecretScalar value, Optional<SecretScalar> mask) {
        this.value = value;
        this.mask = mask;
    }

    /** Takes the scalar over. */
    public static Share simple(SecretScalar value) {
        return new Share(value, Optional.empty());
    }

    /** Takes both scalars over. */
    public static Share masked(SecretScalar value, SecretScalar mask) {
        return new Share(value, Optional.of(mask));
    }

    public SharingKind kind() {
        return mask.isPresent() ? SharingKind.MASKED : SharingKind.SIMPLE;
    }

    public SecretScalar value() {
        return value;
    }

    /** @throws IllegalStateException for a simple share */
    public SecretScalar mask() {
        return mask.orElseThrow(() -> new IllegalStateException("a simple share has no mask"));
    }

    public Share copy() {
        return new Share(value.copy(), mask.map(SecretScalar::copy));
    }

    /** f(j)*G, plus f'(j)*H when masked. */
    public Point commit() {
        return mask.map(m -> Pedersen.commit(value, m)).orElseGet(() -> Point.base(value));
    }

    /** The weighted sum of shares of one kind; the caller keeps the parts. */
    public static Share combine(List<Share> shares, List<Scalar> weights) {
        SecretScalar value =
                Lagrange.combine(weights, shares.stream().map(Share::value).toList());
        if (shares.getFirst().kind() == SharingKind.SIMPLE) {
            return simple(value);
        }
        return masked(
                value,
                Lagrange.combine(weights, shares.stream().map(Share::mask).toList()));
    }

    /**
     * Whether every share opens its commitment at the slot: one check of a random linear combination, with 128-bit
     * weights, instead of one check for each share.
     */
    public static boolean allOpen(List<Share> shares, List<Commitment> commitments, int slot) {
        if (shares.size() == 1) {
            return shares.getFirst().commit().equals(commitments.getFirst().at(slot));
        }
        List<Scalar> weights = new ArrayList<>();
        List<Point> expected = new ArrayList<>();
        for (Commitment commitment : commitments) {
            weights.add(Scalar.of(new BigInteger(128, RANDOM)));
            expected.add(commitment.at(slot));
        }
        Point right = Point.multiply(expected, weights);
        List<SecretScalar> values = shares.stream().map(Share::value).toList();
        List<Scalar> maskWeights = new ArrayList<>();
        List<SecretScalar> masks = new ArrayList<>();
        for (int k = 0; k < shares.size(); k++) {
            if (shares.get(k).kind() == SharingKind.MASKED) {
                maskWeights.add(weights.get(k));
                masks.add(shares.get(k).mask());
            }
        }
        try (SecretScalar value = Lagrange.combine(weights, values);
                SecretScalar mask = Lagrange.combine(maskWeights, masks)) {
            Point left = masks.isEmpty() ? Point.base(value) : Pedersen.commit(value, mask);
            return left.equals(right);
        }
    }

    /** Writes 32 or 64 plaintext bytes; the target belongs to the caller, who zeroes it. */
    public void write(byte[] target, int at) {
        copyOut(value, target, at);
        mask.ifPresent(m -> copyOut(m, target, at + 32));
    }

    /**
     * Reads a share from plaintext.
     *
     * @throws CodecException NOT_CANONICAL when a scalar is not below the group order
     */
    public static Share read(SharingKind kind, byte[] source, int at) {
        SecretScalar value = scalar(source, at);
        if (kind == SharingKind.SIMPLE) {
            return simple(value);
        }
        try {
            return masked(value, scalar(source, at + 32));
        } catch (CodecException e) {
            value.close();
            throw e;
        }
    }

    /** Reads all shares of one plaintext, in the order of the kinds, or none. */
    public static List<Share> readAll(List<SharingKind> kinds, SecretBytes plaintext) {
        int length = kinds.stream().mapToInt(SharingKind::shareLength).sum();
        if (length != plaintext.length()) {
            throw new CodecException(Reason.TRUNCATED, plaintext.length() + " bytes of shares, not " + length);
        }
        return plaintext.use(bytes -> {
            List<Share> shares = new ArrayList<>();
            try {
                int at = 0;
                for (SharingKind kind : kinds) {
                    shares.add(read(kind, bytes, at));
                    at += kind.shareLength();
                }
                return shares;
            } catch (CodecException e) {
                closeAll(shares);
                throw e;
            }
        });
    }

    /** All shares one after the other, 32 or 64 bytes each. */
    public static SecretBytes writeAll(List<Share> shares) {
        byte[] plaintext =
                new byte[shares.stream().mapToInt(s -> s.kind().shareLength()).sum()];
        int at = 0;
        for (Share share : shares) {
            share.write(plaintext, at);
            at += share.kind().shareLength();
        }
        return SecretBytes.taking(plaintext);
    }

    public static void closeAll(List<Share> shares) {
        shares.forEach(Share::close);
    }

    @Override
    public void close() {
        value.close();
        mask.ifPresent(SecretScalar::close);
    }

    private static void copyOut(SecretScalar scalar, byte[] target, int at) {
        try (SecretBytes exported = scalar.export()) {
            Function<byte[], Integer> copy = bytes -> {
                System.arraycopy(bytes, 0, target, at, bytes.length);
                return bytes.length;
            };
            exported.use(copy);
        }
    }

    private static SecretScalar scalar(byte[] source, int at) {
        try (SecretBytes bytes = SecretBytes.taking(Arrays.copyOfRange(source, at, at + 32))) {
            return SecretScalar.decode(bytes);
        }
    }
}
