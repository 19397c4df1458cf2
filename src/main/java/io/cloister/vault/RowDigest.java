package io.cloister.vault;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Count, sum and sketch over the rows of a table. Rows may be added and removed in any order, and changes of several
 * transactions commute, so nobody has to hold a table's digest while working on its rows. Not thread-safe.
 *
 * <p><b>Sum.</b> MSet-Add-Hash of Clarke, Devadas, van Dijk, Gassend and Suh (Asiacrypt 2003): the sum modulo 2^256 of
 * one PRF output for each row. A plain hash would fall to a generalised birthday search at this size; here the summands
 * come from a keyed PRF and the sum is stored encrypted, so who has no key can neither compute a summand nor see a sum,
 * and two sets he picks agree with probability 2^-256.
 *
 * <p><b>Sketch.</b> An invertible Bloom lookup table (Goodrich, Mitzenmacher 2011) over (key, version, mark). The
 * difference of two sketches gives back the few rows by which two sets differ; so a deleted or restored row can be
 * named although nothing else remembers it. Only the sum decides whether anything is wrong.
 */
public final class RowDigest {
    /**
     * One row that is in one set and not in the other. A key longer than 72 bytes comes as its first 40 and its hash.
     */
    public record Difference(boolean missing, Bytes key, long version) {}

    private static final int PARTS = 8;
    private static final int CELLS_A_PART = 3;
    private static final int CELLS = PARTS * CELLS_A_PART;

    private final SketchCell[] cells = new SketchCell[CELLS];
    private final long[] sum = new long[4];
    private long count;

    public RowDigest() {
        Arrays.setAll(cells, i -> new SketchCell());
    }

    /** Length of the encoding, in bytes. */
    public static final int LENGTH = Long.BYTES + 32 + CELLS * SketchCell.LENGTH;

    /** The number of rows; negative for a change that removes more than it adds. */
    public long count() {
        return count;
    }

    /** Adds a row by its summand: the 32 PRF bytes over row and tag. */
    public void add(Row row, Bytes element) {
        count++;
        addTo(sum, limbs(element));
        toggle(SketchItem.of(row, element), 1);
    }

    /** Takes a row out again. */
    public void remove(Row row, Bytes element) {
        count--;
        subtractFrom(sum, limbs(element));
        toggle(SketchItem.of(row, element), -1);
    }

    /** Adds all changes of another digest to this one. */
    public void add(RowDigest change) {
        count += change.count;
        addTo(sum, change.sum);
        for (int i = 0; i < CELLS; i++) {
            cells[i].add(change.cells[i]);
        }
    }

    /** Whether both stand for the same set of rows. */
    public boolean matches(RowDigest other) {
        return count == other.count && Arrays.equals(sum, other.sum);
    }

    /**
     * The rows by which {@code found} differs from this set.
     *
     * @return empty when they are too many to tell (more than about five)
     */
    public Optional<List<Difference>> differences(RowDigest found) {
        SketchCell[] left = new SketchCell[CELLS];
        for (int i = 0; i < CELLS; i++) {
            left[i] = cells[i].minus(found.cells[i]);
        }
        Set<Difference> named = new LinkedHashSet<>();
        Deque<SketchCell> pure = new ArrayDeque<>();
        for (SketchCell cell : left) {
            pure.add(cell);
        }
        while (!pure.isEmpty() && named.size() <= CELLS) {
            SketchCell cell = pure.remove();
            Optional<SketchItem> single = cell.single();
            if (single.isEmpty()) {
                continue;
            }
            SketchItem item = single.get();
            int sign = cell.count();
            named.add(new Difference(sign > 0, item.key(), item.version()));
            for (int part = 0; part < PARTS; part++) {
                SketchCell touched = left[index(item, part)];
                touched.toggle(item, -sign);
                pure.add(touched);
            }
        }
        boolean complete = Arrays.stream(left).allMatch(SketchCell::isEmpty);
        return complete && !named.isEmpty() ? Optional.of(List.copyOf(named)) : Optional.empty();
    }

    /**
     * The rows by which {@code found} differs, supposing that one of its rows was put in the place of another with the same
     * key. An old and a new version can fall into the same cells and hide each other; with the old one taken out, the new
     * one stands alone.
     *
     * @param suspect a row of {@code found}
     * @return both versions, or empty when the supposition does not explain the difference
     */
    public Optional<List<Difference>> differences(RowDigest found, Row suspect, Bytes element) {
        RowDigest without = new RowDigest();
        without.add(found);
        without.remove(suspect, element);
        Difference putBack =
                new Difference(false, SketchItem.of(suspect, element).key(), suspect.version());
        return differences(without)
                .filter(it -> it.size() == 1)
                .map(List::getFirst)
                .filter(it -> it.missing() && it.key().equals(putBack.key()))
                .map(it -> List.of(it, putBack));
    }

    /** Fixed length: count, sum, cells. */
    public Bytes encode() {
        ByteBuffer out = ByteBuffer.allocate(LENGTH).putLong(count);
        for (long limb : sum) {
            out.putLong(limb);
        }
        for (SketchCell cell : cells) {
            cell.encode(out);
        }
        return Bytes.wrap(out.array());
    }

    /**
     * Reads what {@link #encode} writes.
     *
     * @throws CodecException OUT_OF_RANGE when the length is wrong
     */
    public static RowDigest decode(Bytes encoded) {
        if (encoded.length() != LENGTH) {
            throw new CodecException(
                    CodecException.Reason.OUT_OF_RANGE, "a row digest of " + encoded.length() + " bytes");
        }
        ByteBuffer in = encoded.buffer();
        RowDigest digest = new RowDigest();
        digest.count = in.getLong();
        for (int i = 0; i < digest.sum.length; i++) {
            digest.sum[i] = in.getLong();
        }
        for (SketchCell cell : digest.cells) {
            cell.decode(in);
        }
        return digest;
    }

    private void toggle(SketchItem item, int sign) {
        for (int part = 0; part < PARTS; part++) {
            cells[index(item, part)].toggle(item, sign);
        }
    }

    private static int index(SketchItem item, int part) {
        int random = (int) (item.mark() >>> (8 * part)) & 0xff;
        return part * CELLS_A_PART + random % CELLS_A_PART;
    }

    private static long[] limbs(Bytes element) {
        ByteBuffer in = element.buffer();
        return new long[] {in.getLong(), in.getLong(), in.getLong(), in.getLong()};
    }

    private static void addTo(long[] target, long[] summand) {
        long carry = 0;
        for (int i = 3; i >= 0; i--) {
            long partial = target[i] + summand[i];
            long overflow = Long.compareUnsigned(partial, target[i]) < 0 ? 1 : 0;
            long total = partial + carry;
            overflow |= Long.compareUnsigned(total, partial) < 0 ? 1 : 0;
            target[i] = total;
            carry = overflow;
        }
    }

    private static void subtractFrom(long[] target, long[] subtrahend) {
        long borrow = 0;
        for (int i = 3; i >= 0; i--) {
            long partial = target[i] - subtrahend[i];
            long underflow = Long.compareUnsigned(target[i], subtrahend[i]) < 0 ? 1 : 0;
            long total = partial - borrow;
            underflow |= Long.compareUnsigned(partial, borrow) < 0 ? 1 : 0;
            target[i] = total;
            borrow = underflow;
        }
    }
}
