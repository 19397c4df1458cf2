package io.cloister.vault;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;

/**
 * A row as the sketch holds it: enough to name it.
 *
 * @param field 72 bytes: the key and zeros, or its first 40 bytes and its SHA-256
 * @param length of the key itself
 * @param mark the first 8 bytes of the row's summand; tells contents of the same version apart, and picks the cells
 * @param check ties the other four together, so that a cell that holds one item can be told from one that holds several
 */
record SketchItem(Bytes field, int length, long version, long mark, long check) {
    static final int FIELD = 72;
    private static final int PREFIX = 40;

    static SketchItem of(Row row, Bytes element) {
        byte[] padded = new byte[FIELD];
        Bytes key = row.key();
        if (key.length() <= FIELD) {
            key.copyTo(0, padded, 0, key.length());
        } else {
            key.copyTo(0, padded, 0, PREFIX);
            Hashes.sha256(key).copyTo(0, padded, PREFIX, FIELD - PREFIX);
        }
        Bytes field = Bytes.wrap(padded);
        long mark = element.buffer().getLong();
        return new SketchItem(
                field, key.length(), row.version(), mark, check(field, key.length(), row.version(), mark));
    }

    static long check(Bytes field, int length, long version, long mark) {
        Writer writer = new Writer().fixed(field).u32(length);
        half(writer, version);
        half(writer, mark);
        return Hashes.sha256(writer.toBytes()).buffer().getLong();
    }

    Bytes key() {
        return field.slice(0, Math.min(length, FIELD));
    }

    private static void half(Writer writer, long value) {
        writer.u32(value >>> 32).u32(value & 0xffff_ffffL);
    }
}
