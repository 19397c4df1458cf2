package io.cloister.acceptance;

import io.cloister.codec.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Looks for many byte strings at once, each raw, as hexadecimal digits and in base64 at any alignment. */
final class Needles {
    private static final int SHORTEST = 16;

    private record Needle(String name, byte[] bytes) {}

    private final Map<Integer, List<Needle>> byStart = new HashMap<>();
    private final boolean[] starts = new boolean[1 << 16];
    private final Set<String> names = new TreeSet<>();

    /** @param value at least 16 bytes, so that it does not turn up by chance */
    void add(String name, Bytes value) {
        if (value.length() < SHORTEST) {
            throw new IllegalArgumentException(name + " is too short to look for");
        }
        names.add(name);
        put(name + ", raw", value.toArray());
        put(name + ", in hexadecimal", ascii(value.toHex()));
        put(name + ", in upper hexadecimal", ascii(value.toHex().toUpperCase(Locale.ROOT)));
        for (int shift = 0; shift < 3; shift++) {
            byte[] shifted = Bytes.concat(Bytes.zeros(shift), value).toArray();
            put(name + ", in base64", inner(Base64.getEncoder(), shifted, shift));
            put(name + ", in base64url", inner(Base64.getUrlEncoder(), shifted, shift));
        }
    }

    /** What is looked for. */
    Set<String> names() {
        return names;
    }

    /** The digits that the value alone decides, whatever stands around it. */
    private static byte[] inner(Base64.Encoder encoder, byte[] shifted, int shift) {
        String digits = encoder.withoutPadding().encodeToString(shifted);
        return ascii(digits.substring((shift * 8 + 5) / 6, shifted.length * 8 / 6));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void put(String name, byte[] bytes) {
        byStart.computeIfAbsent(start(bytes, 0), it -> new ArrayList<>()).add(new Needle(name, bytes));
        starts[(start(bytes, 0) >>> 16) & 0xffff] = true;
    }

    /** The names of those that stand in the content, with the way they are written. */
    Set<String> in(byte[] content) {
        Set<String> found = new TreeSet<>();
        for (int i = 0; i + 4 <= content.length; i++) {
            if (starts[((content[i] & 0xff) << 8) | (content[i + 1] & 0xff)]) {
                for (Needle needle : byStart.getOrDefault(start(content, i), List.of())) {
                    int end = i + needle.bytes().length;
                    if (end <= content.length
                            && Arrays.equals(content, i, end, needle.bytes(), 0, needle.bytes().length)) {
                        found.add(needle.name());
                    }
                }
            }
        }
        return found;
    }

    private static int start(byte[] bytes, int at) {
        return (bytes[at] << 24)
                | ((bytes[at + 1] & 0xff) << 16)
                | ((bytes[at + 2] & 0xff) << 8)
                | (bytes[at + 3] & 0xff);
    }
}
