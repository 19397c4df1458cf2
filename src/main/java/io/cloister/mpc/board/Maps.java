package io.cloister.mpc.board;

import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.mpc.Committee;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Maps by slot in records: strictly rising slots, so that a map has one encoding. */
final class Maps {
    private Maps() {}

    static <T> SortedMap<Integer, T> read(Reader reader, Function<Reader, T> value) {
        SortedMap<Integer, T> map = new TreeMap<>();
        reader.list(Committee.MAX_SIZE, r -> {
            int slot = r.u16();
            if (!map.isEmpty() && slot <= map.lastKey()) {
                throw new CodecException(Reason.NOT_CANONICAL, "slots out of order");
            }
            map.put(slot, value.apply(r));
            return slot;
        });
        return map;
    }
}
