package io.cloister.multichain.bitcoin;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;

/** Reads Bitcoin's little-endian wire format. Nothing is allocated for bytes that are not there. */
final class WireReader {
    private final Bytes input;
    private int at;

    WireReader(Bytes input) {
        this.input = input;
    }

    int remaining() {
        return input.length() - at;
    }

    Bytes fixed(int length) {
        Bytes part = input.slice(at, length);
        at += length;
        return part;
    }

    int u8() {
        if (at >= input.length()) {
            throw new CodecException(Reason.TRUNCATED, "the input ends at " + at);
        }
        return input.at(at++) & 0xff;
    }

    /** The next byte without taking it, or -1 at the end. */
    int peek(int offset) {
        return at + offset < input.length() ? input.at(at + offset) & 0xff : -1;
    }

    long u16() {
        return u8() | (long) u8() << 8;
    }

    long u32() {
        return u16() | u16() << 16;
    }

    long i64() {
        return u32() | u32() << 32;
    }

    /** A length or a count in its shortest form, at most {@code max}. */
    int compact(int max) {
        int first = u8();
        long value = switch (first) {
            case 0xfd -> shortest(u16(), 0xfd);
            case 0xfe -> shortest(u32(), 0x1_0000L);
            case 0xff -> shortest(i64(), 0x1_0000_0000L);
            default -> first;
        };
        if (value < 0 || value > max) {
            throw new CodecException(
                    Reason.TOO_LONG, "a length of " + Long.toUnsignedString(value) + " exceeds " + max);
        }
        return (int) value;
    }

    private static long shortest(long value, long least) {
        if (Long.compareUnsigned(value, least) < 0) {
            throw new CodecException(Reason.NOT_CANONICAL, "a length is not in its shortest form");
        }
        return value;
    }

    /** Bytes behind a compact length. */
    Bytes bytes(int max) {
        return fixed(compact(max));
    }

    void end() {
        if (remaining() != 0) {
            throw new CodecException(Reason.TRAILING, remaining() + " bytes follow");
        }
    }
}
