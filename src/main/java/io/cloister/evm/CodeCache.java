package io.cloister.evm;

import io.cloister.codec.Bytes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Analysed code by its hash, the least recently used dropped first. Thread-safe. */
final class CodeCache {
    private static final int MOST_BYTES = 32 << 20;

    private final Map<Bytes, Code> codes = new LinkedHashMap<>(256, 0.75f, true);
    private long held;

    Code get(Bytes hash, Supplier<Bytes> raw) {
        if (hash.equals(Code.EMPTY_HASH)) {
            return Code.EMPTY;
        }
        synchronized (this) {
            Code known = codes.get(hash);
            if (known != null) {
                return known;
            }
        }
        Code code = new Code(raw.get(), hash);
        put(code);
        return code;
    }

    private synchronized void put(Code code) {
        if (codes.putIfAbsent(code.hash(), code) == null) {
            held += code.length;
        }
        var eldest = codes.values().iterator();
        while (held > MOST_BYTES && eldest.hasNext()) {
            held -= eldest.next().length;
            eldest.remove();
        }
    }
}
