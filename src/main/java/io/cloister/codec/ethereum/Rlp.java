package io.cloister.codec.ethereum;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/** Recursive length prefix (Yellow Paper appendix B). Decoding accepts the one shortest form only. */
public final class Rlp {
    /** Limits for input from strangers: 16 MiB, 32 levels, a million items. */
    public static final Limits DEFAULT_LIMITS = new Limits(16 << 20, 32, 1 << 20);

    private Rlp() {}

    /** A byte string or a list. */
    public sealed interface Item permits Text, Items {
        /** The byte string; {@link CodecException} UNKNOWN when this is a list. */
        default Bytes asBytes() {
            if (this instanceof Text(Bytes bytes)) {
                return bytes;
            }
            throw new CodecException(Reason.UNKNOWN, "a list where a byte string is expected");
        }

        /** A byte string of exactly this length. */
        default Bytes asFixed(int length) {
            Bytes bytes = asBytes();
            if (bytes.length() != length) {
                throw new CodecException(
                        Reason.OUT_OF_RANGE, bytes.length() + " bytes where " + length + " are expected");
            }
            return bytes;
        }

        /** An unsigned number of at most so many bytes, without leading zeros. */
        default BigInteger asNumber(int maxBytes) {
            Bytes bytes = asBytes();
            if (bytes.length() > maxBytes) {
                throw new CodecException(Reason.OUT_OF_RANGE, "a number of " + bytes.length() + " bytes");
            }
            if (!bytes.isEmpty() && bytes.at(0) == 0) {
                throw new CodecException(Reason.NOT_CANONICAL, "a number with a leading zero");
            }
            return new BigInteger(1, bytes.toArray());
        }

        /** A number from 0 to 2^63 - 1. */
        default long asLong() {
            BigInteger number = asNumber(8);
            if (number.bitLength() > 63) {
                throw new CodecException(Reason.OUT_OF_RANGE, "a number above 2^63 - 1");
            }
            return number.longValue();
        }

        /** The list; {@link CodecException} UNKNOWN when this is a byte string. */
        default List<Item> asList() {
            if (this instanceof Items(List<Item> items)) {
                return items;
            }
            throw new CodecException(Reason.UNKNOWN, "a byte string where a list is expected");
        }
    }

    /** A byte string. */
    public record Text(Bytes bytes) implements Item {}

    /** A list. */
    public record Items(List<Item> items) implements Item {
        public Items {
            items = List.copyOf(items);
        }
    }

    /**
     * What a decoder takes.
     *
     * @param maxBytes length of the whole input
     * @param maxDepth nesting of lists
     * @param maxItems strings and lists together
     */
    public record Limits(int maxBytes, int maxDepth, int maxItems) {}

    public static Item text(Bytes bytes) {
        return new Text(bytes);
    }

    /** A number from 0 on, in big-endian bytes without leading zeros. */
    public static Item number(long value) {
        return number(BigInteger.valueOf(value));
    }

    /** A number from 0 on, in big-endian bytes without leading zeros. */
    public static Item number(BigInteger value) {
        if (value.signum() < 0) {
            throw new IllegalArgumentException("RLP has no negative numbers");
        }
        byte[] bytes = value.toByteArray();
        return new Text(Bytes.wrap(bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes));
    }

    public static Item list(Item... items) {
        return new Items(List.of(items));
    }

    public static Item list(List<Item> items) {
        return new Items(items);
    }

    public static Bytes encode(Item item) {
        byte[] out = new byte[size(item)];
        write(item, out, 0);
        return Bytes.wrap(out);
    }

    /** Decodes one item with {@link #DEFAULT_LIMITS}. */
    public static Item decode(Bytes encoded) {
        return decode(encoded, DEFAULT_LIMITS);
    }

    /**
     * Decodes one item that fills the input.
     *
     * @throws CodecException TRUNCATED, TRAILING, TOO_LONG (a limit) or NOT_CANONICAL
     */
    public static Item decode(Bytes encoded, Limits limits) {
        return new RlpDecoder(encoded, limits).decode();
    }

    private static int size(Item item) {
        return switch (item) {
            case Text(Bytes bytes) ->
                bytes.length() == 1 && bytes.at(0) >= 0 ? 1 : prefixSize(bytes.length()) + bytes.length();
            case Items(List<Item> items) -> {
                int content = contentSize(items);
                yield Math.addExact(prefixSize(content), content);
            }
        };
    }

    private static int contentSize(List<Item> items) {
        int content = 0;
        for (Item each : items) {
            content = Math.addExact(content, size(each));
        }
        return content;
    }

    private static int prefixSize(int length) {
        return length < 56 ? 1 : 1 + lengthOfLength(length);
    }

    private static int lengthOfLength(int length) {
        return (39 - Integer.numberOfLeadingZeros(length)) / 8;
    }

    private static int write(Item item, byte[] out, int at) {
        return switch (item) {
            case Text(Bytes bytes) -> {
                int next = bytes.length() == 1 && bytes.at(0) >= 0 ? at : writePrefix(0x80, bytes.length(), out, at);
                bytes.copyTo(0, out, next, bytes.length());
                yield next + bytes.length();
            }
            case Items(List<Item> items) -> {
                int next = writePrefix(0xc0, contentSize(items), out, at);
                for (Item each : items) {
                    next = write(each, out, next);
                }
                yield next;
            }
        };
    }

    private static int writePrefix(int base, int length, byte[] out, int at) {
        if (length < 56) {
            out[at] = (byte) (base + length);
            return at + 1;
        }
        int digits = lengthOfLength(length);
        out[at] = (byte) (base + 55 + digits);
        for (int i = 0; i < digits; i++) {
            out[at + 1 + i] = (byte) (length >>> (8 * (digits - 1 - i)));
        }
        return at + 1 + digits;
    }
}
