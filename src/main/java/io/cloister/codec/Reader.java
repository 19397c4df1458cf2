package io.cloister.codec;

import io.cloister.codec.CodecException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads what {@link Writer} writes, and nothing else. Every length and count is checked against the caller's limit and
 * against what is left before anything is allocated. Not thread-safe.
 */
public final class Reader {
    private final Bytes input;
    private int position;

    public Reader(Bytes input) {
        this.input = input;
    }

    public int u8() {
        return (int) big(1);
    }

    public int u16() {
        return (int) big(2);
    }

    public long u32() {
        return big(4);
    }

    /** @throws CodecException OUT_OF_RANGE for 2^63 and above */
    public long u64() {
        long value = big(8);
        if (value < 0) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a u64 above 2^63 - 1");
        }
        return value;
    }

    /** @throws CodecException NOT_CANONICAL for any byte but 0 and 1 */
    public boolean bool() {
        int value = u8();
        if (value > 1) {
            throw new CodecException(Reason.NOT_CANONICAL, "a truth value of " + value);
        }
        return value == 1;
    }

    /** Exactly so many bytes. */
    public Bytes fixed(int length) {
        need(length);
        Bytes value = input.slice(position, length);
        position += length;
        return value;
    }

    /**
     * A u32 length and the bytes.
     *
     * @throws CodecException TOO_LONG above {@code max} bytes
     */
    public Bytes bytes(int max) {
        return fixed(count(max));
    }

    /**
     * A u32 length and well-formed UTF-8.
     *
     * @param max the most bytes (not characters)
     */
    public String string(int max) {
        return bytes(max).asUtf8();
    }

    /**
     * A u32 count and each item.
     *
     * @throws CodecException TOO_LONG above {@code maxCount} items
     */
    public <T> List<T> list(int maxCount, Function<Reader, T> each) {
        int count = count(maxCount);
        List<T> items = new ArrayList<>(Math.min(count, remaining()));
        for (int i = 0; i < count; i++) {
            items.add(each.apply(this));
        }
        return List.copyOf(items);
    }

    /** One byte 0, or one byte 1 and the value. */
    public <T> Optional<T> optional(Function<Reader, T> present) {
        return bool() ? Optional.of(present.apply(this)) : Optional.empty();
    }

    public int remaining() {
        return input.length() - position;
    }

    /** @throws CodecException TRAILING when anything is left */
    public void end() {
        if (remaining() != 0) {
            throw new CodecException(Reason.TRAILING, remaining() + " bytes after the end");
        }
    }

    private int count(int max) {
        long count = u32();
        if (count > max) {
            throw new CodecException(Reason.TOO_LONG, count + " where at most " + max + " are allowed");
        }
        return (int) count;
    }

    private long big(int width) {
        need(width);
        long value = 0;
        for (int i = 0; i < width; i++) {
            value = value << 8 | input.at(position++) & 0xff;
        }
        return value;
    }

    private void need(int length) {
        if (length > remaining()) {
            throw new CodecException(
                    Reason.TRUNCATED, length + " bytes expected at " + position + ", " + remaining() + " left");
        }
    }
}
