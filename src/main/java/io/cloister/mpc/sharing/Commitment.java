package io.cloister.mpc.sharing;

import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Point;
import io.cloister.crypto.Scalar;
import java.util.ArrayList;
import java.util.List;

/**
 * The public side of one sharing: a point for each coefficient of the polynomial, the constant's first.
 *
 * @param kind what each point commits to
 * @param points exactly t+1 of them; one more would raise the threshold, one less would lower it
 */
public record Commitment(SharingKind kind, List<Point> points) {
    public Commitment {
        points = List.copyOf(points);
    }

    /** Commitment to the shared value itself. */
    public Point constant() {
        return points.getFirst();
    }

    /** Commitment to the share of a slot: sum of slot^m * A_m. */
    public Point at(int slot) {
        return Point.evaluate(points, slot);
    }

    /** The commitment to the weighted sum of sharings of one kind. */
    public static Commitment combine(List<Commitment> commitments, List<Scalar> weights) {
        Commitment first = commitments.getFirst();
        List<Point> combined = new ArrayList<>();
        for (int m = 0; m < first.points.size(); m++) {
            List<Point> column = new ArrayList<>();
            for (Commitment commitment : commitments) {
                column.add(commitment.points.get(m));
            }
            combined.add(
                    weights.stream().allMatch(Scalar.ONE::equals)
                            ? Point.sum(column)
                            : Point.multiply(column, weights));
        }
        return new Commitment(first.kind, combined);
    }

    /** The points alone, 33 bytes each: kind and count are known from the instance. */
    public void encode(Writer writer) {
        points.forEach(point -> writer.fixed(point.encode()));
    }

    /** Reads exactly {@code count} points that are on the curve and not infinity. */
    public static Commitment decode(Reader reader, SharingKind kind, int count) {
        List<Point> points = new ArrayList<>();
        for (int m = 0; m < count; m++) {
            points.add(Point.decode(reader.fixed(33)));
        }
        return new Commitment(kind, points);
    }
}
