package io.cloister.mpc.protocol;

import java.util.HashMap;
import java.util.Map;

/** Lets a thing be done at once and then not again until an interval has passed. */
final class Pacer {
    private final Map<Object, Long> last = new HashMap<>();

    boolean due(Object what, long nowMillis, long intervalMillis) {
        Long before = last.get(what);
        if (before != null && nowMillis - before < intervalMillis) {
            return false;
        }
        last.put(what, nowMillis);
        return true;
    }
}
