package io.cloister.attestation.format;

import io.cloister.codec.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what RFC 8949, 4.2.1 allows of numbers, strings, lists and maps, and fails on anything else. */
final class PlainCbor {
    private final ByteBuffer in;

    private PlainCbor(ByteBuffer in) {
        this.in = in;
    }

    static Object read(Bytes document) {
        PlainCbor reader = new PlainCbor(ByteBuffer.wrap(document.toArray()));
        Object value = reader.value();
        require(!reader.in.hasRemaining(), "bytes behind the value");
        return value;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private Object value() {
        int first = in.get() & 0xff;
        long argument = argument(first & 0x1f);
        return switch (first >> 5) {
            case 0 -> argument;
            case 2 -> Bytes.wrap(raw(argument));
            case 3 -> new String(raw(argument), StandardCharsets.UTF_8);
            case 4 -> list(argument);
            case 5 -> map(argument);
            default -> throw new AssertionError("major type " + (first >> 5));
        };
    }

    private long argument(int low) {
        return switch (low) {
            case 24 -> atLeast(in.get() & 0xff, 24);
            case 25 -> atLeast(in.getShort() & 0xffff, 0x100);
            case 26 -> atLeast(in.getInt() & 0xffff_ffffL, 0x1_0000);
            case 27 -> atLeast(in.getLong(), 0x1_0000_0000L);
            default -> {
                require(low < 24, "indefinite or reserved length");
                yield low;
            }
        };
    }

    private static long atLeast(long value, long least) {
        require(value >= least, "not the shortest form of " + value);
        return value;
    }

    private byte[] raw(long length) {
        byte[] bytes = new byte[Math.toIntExact(length)];
        in.get(bytes);
        return bytes;
    }

    private List<Object> list(long count) {
        List<Object> values = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            values.add(value());
        }
        return values;
    }

    private Map<String, Object> map(long count) {
        Map<String, Object> members = new LinkedHashMap<>();
        byte[] before = {};
        for (long i = 0; i < count; i++) {
            int start = in.position();
            String key = (String) value();
            byte[] encoded = Arrays.copyOfRange(in.array(), start, in.position());
            require(Arrays.compareUnsigned(before, encoded) < 0, key + " is out of order");
            before = encoded;
            members.put(key, value());
        }
        return members;
    }
}
