package io.cloister.mpc.sharing;

import io.cloister.crypto.Point;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.SecretScalar;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** Lagrange interpolation over the evaluation points 1..n. Coefficients are public; values may be secret. */
public final class Lagrange {
    private Lagrange() {}

    /** lambda_i(0) for each slot. */
    public static SortedMap<Integer, Scalar> atZero(Collection<Integer> slots) {
        return at(0, slots);
    }

    /**
     * lambda_i(x) = product over j != i of (x - j) / (i - j).
     *
     * @throws IllegalArgumentException for an empty set, a repeated slot or a slot below 1
     */
    public static SortedMap<Integer, Scalar> at(int x, Collection<Integer> slots) {
        if (slots.isEmpty() || new HashSet<>(slots).size() != slots.size()) {
            throw new IllegalArgumentException("no set of distinct slots: " + slots);
        }
        SortedMap<Integer, Scalar> coefficients = new TreeMap<>();
        for (int i : slots) {
            if (i < 1) {
                throw new IllegalArgumentException("slot " + i + " is no evaluation point");
            }
            Scalar numerator = Scalar.ONE;
            Scalar denominator = Scalar.ONE;
            for (int j : slots) {
                if (j != i) {
                    numerator = numerator.mul(difference(x, j));
                    denominator = denominator.mul(difference(i, j));
                }
            }
            coefficients.put(i, numerator.mul(denominator.inverse()));
        }
        return coefficients;
    }

    /** The value at zero of the polynomial through these public values. */
    public static Scalar interpolate(Map<Integer, Scalar> values) {
        SortedMap<Integer, Scalar> lambda = atZero(values.keySet());
        Scalar sum = Scalar.ZERO;
        for (Map.Entry<Integer, Scalar> value : values.entrySet()) {
            Scalar weight = Objects.requireNonNull(lambda.get(value.getKey()));
            sum = sum.add(weight.mul(value.getValue()));
        }
        return sum;
    }

    /** The value at zero "in the exponent". */
    public static Point interpolatePoints(Map<Integer, Point> values) {
        SortedMap<Integer, Scalar> lambda = atZero(values.keySet());
        List<Point> points = new ArrayList<>();
        List<Scalar> weights = new ArrayList<>();
        values.forEach((slot, point) -> {
            points.add(point);
            weights.add(Objects.requireNonNull(lambda.get(slot)));
        });
        return Point.multiply(points, weights);
    }

    /** The secret sum of coefficient times value; the caller closes it and keeps the values. */
    public static SecretScalar combine(List<Scalar> coefficients, List<SecretScalar> values) {
        SecretScalar sum = SecretScalar.fromPublic(Scalar.ZERO);
        for (int i = 0; i < coefficients.size(); i++) {
            try (SecretScalar term = values.get(i).mul(coefficients.get(i));
                    SecretScalar before = sum) {
                sum = before.add(term);
            }
        }
        return sum;
    }

    private static Scalar difference(int a, int b) {
        Scalar distance = Scalar.of(Math.abs(a - b));
        return a < b ? distance.negate() : distance;
    }
}
