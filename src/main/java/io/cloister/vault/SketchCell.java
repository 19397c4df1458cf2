package io.cloister.vault;

import io.cloister.codec.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One cell of an invertible Bloom lookup table: a signed count and the exclusive-or of everything that fell into it.
 */
final class SketchCell {
    static final int LENGTH = 2 * Integer.BYTES + SketchItem.FIELD + 3 * Long.BYTES;

    private final byte[] field = new byte[SketchItem.FIELD];
    private int count;
    private int length;
    private long version;
    private long mark;
    private long check;

    int count() {
        return count;
    }

    void toggle(SketchItem item, int sign) {
        merge(item.field().toArray(), item.length(), item.version(), item.mark(), item.check());
        count += sign;
    }

    void add(SketchCell other) {
        merge(other.field, other.length, other.version, other.mark, other.check);
        count += other.count;
    }

    SketchCell minus(SketchCell other) {
        SketchCell difference = new SketchCell();
        difference.add(this);
        difference.merge(other.field, other.length, other.version, other.mark, other.check);
        difference.count -= other.count;
        return difference;
    }

    /** The item, when there is exactly one. */
    Optional<SketchItem> single() {
        boolean one = (count == 1 || count == -1)
                && length >= 0
                && length <= Row.MAX_KEY
                && check == SketchItem.check(Bytes.of(field), length, version, mark);
        return one ? Optional.of(new SketchItem(Bytes.of(field), length, version, mark, check)) : Optional.empty();
    }

    boolean isEmpty() {
        return count == 0 && mark == 0 && check == 0;
    }

    void encode(ByteBuffer out) {
        out.putInt(count)
                .putInt(length)
                .put(field)
                .putLong(version)
                .putLong(mark)
                .putLong(check);
    }

    void decode(ByteBuffer in) {
        count = in.getInt();
        length = in.getInt();
        in.get(field);
        version = in.getLong();
        mark = in.getLong();
        check = in.getLong();
    }

    private void merge(byte[] otherField, int otherLength, long otherVersion, long otherMark, long otherCheck) {
        for (int i = 0; i < field.length; i++) {
            field[i] ^= otherField[i];
        }
        length ^= otherLength;
        version ^= otherVersion;
        mark ^= otherMark;
        check ^= otherCheck;
    }
}
