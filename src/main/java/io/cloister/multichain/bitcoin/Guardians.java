package io.cloister.multichain.bitcoin;

import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Point;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The keys that may spend a gateway output after a week without the committee: {@code threshold} of them together.
 * Their order is part of the script.
 */
public record Guardians(int threshold, List<Point> keys) {
    /** Most keys whose count has an opcode of its own. */
    public static final int MAX = 16;

    public Guardians {
        keys = List.copyOf(keys);
        if (threshold < 1 || threshold > keys.size() || keys.size() > MAX) {
            throw new IllegalArgumentException("guardians: 1 <= threshold <= keys <= " + MAX);
        }
        if (new LinkedHashSet<>(keys).size() != keys.size() || keys.stream().anyMatch(Point::isInfinity)) {
            throw new IllegalArgumentException("guardian keys are distinct and finite");
        }
    }

    public void encode(Writer writer) {
        writer.u8(threshold).list(keys, (each, key) -> each.fixed(key.encode()));
    }

    public static Guardians decode(Reader reader) {
        return new Guardians(reader.u8(), reader.list(MAX, each -> Point.decode(each.fixed(33))));
    }
}
