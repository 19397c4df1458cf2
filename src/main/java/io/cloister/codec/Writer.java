package io.cloister.codec;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Writes the fixed binary codec: big-endian numbers, u32 lengths and counts, one byte for a truth value or for
 * presence. A value that its field cannot hold is the caller's error ({@link IllegalArgumentException}). Not
 * thread-safe.
 */
public final class Writer {
    private static final long MAX_U32 = 0xffff_ffffL;

    private byte[] buffer;
    private int length;

    public Writer() {
        this(128);
    }

    /** @param capacity how many bytes to begin with room for */
    public Writer(int capacity) {
        buffer = new byte[capacity];
    }

    /** One byte, 0 to 255. */
    public Writer u8(int value) {
        require(value >= 0 && value <= 0xff, "u8", value);
        room(1);
        buffer[length++] = (byte) value;
        return this;
    }

    /** Two bytes, 0 to 65,535. */
    public Writer u16(int value) {
        require(value >= 0 && value <= 0xffff, "u16", value);
        return big(value, 2);
    }

    /** Four bytes, 0 to 2^32 - 1. */
    public Writer u32(long value) {
        require(value >= 0 && value <= MAX_U32, "u32", value);
        return big(value, 4);
    }

    /** Eight bytes, 0 to 2^63 - 1: what a signed Java long can hold. */
    public Writer u64(long value) {
        require(value >= 0, "u64", value);
        return big(value, 8);
    }

    /** One byte, 0 or 1. */
    public Writer bool(boolean value) {
        return u8(value ? 1 : 0);
    }

    /** The bytes alone; reader and writer agree on the length. */
    public Writer fixed(Bytes value) {
        int size = value.length();
        room(size);
        value.copyTo(0, buffer, length, size);
        length += size;
        return this;
    }

    /** A u32 length and the bytes. */
    public Writer bytes(Bytes value) {
        return u32(value.length()).fixed(value);
    }

    /** A u32 length and the UTF-8 bytes. */
    public Writer string(String value) {
        return bytes(Bytes.utf8(value));
    }

    /** An unsigned number in exactly {@code width} bytes. */
    public Writer bigUint(BigInteger value, int width) {
        if (value.signum() < 0 || value.bitLength() > width * 8) {
            throw new IllegalArgumentException("no unsigned number of " + width + " bytes");
        }
        byte[] raw = value.toByteArray();
        int from = raw.length > width ? raw.length - width : 0;
        return fixed(Bytes.wrap(Arrays.copyOfRange(raw, from, raw.length)).padLeft(width));
    }

    /** A u32 count and each item. */
    public <T> Writer list(Collection<T> items, BiConsumer<Writer, T> each) {
        u32(items.size());
        for (T item : items) {
            each.accept(this, item);
        }
        return this;
    }

    /** One byte 0, or one byte 1 and the value. */
    public <T> Writer optional(Optional<T> value, BiConsumer<Writer, T> present) {
        bool(value.isPresent());
        value.ifPresent(it -> present.accept(this, it));
        return this;
    }

    /** Everything written so far. */
    public Bytes toBytes() {
        // A full buffer is handed out as it is: the next write takes a new one.
        return Bytes.wrap(length == buffer.length ? buffer : Arrays.copyOf(buffer, length));
    }

    private Writer big(long value, int width) {
        room(width);
        for (int shift = (width - 1) * 8; shift >= 0; shift -= 8) {
            buffer[length++] = (byte) (value >>> shift);
        }
        return this;
    }

    private void room(int more) {
        int needed = Math.addExact(length, more);
        if (needed > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(needed, buffer.length + (buffer.length >> 1)));
        }
    }

    private static void require(boolean holds, String field, long value) {
        if (!holds) {
            throw new IllegalArgumentException(value + " is no " + field);
        }
    }
}
