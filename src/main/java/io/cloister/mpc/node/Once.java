package io.cloister.mpc.node;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Tells the first time from a repetition, among the last {@value #KEPT} different things. Not thread-safe. */
final class Once {
    private static final int KEPT = 1_024;

    private final Set<Object> seen = Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Boolean> eldest) {
            return size() > KEPT;
        }
    });

    boolean isNew(Object thing) {
        return seen.add(thing);
    }
}
