package io.cloister.attestation.kds;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The latest answers, the one used longest ago forgotten first. Thread-safe. */
final class Memory<K, V> {
    private final LinkedHashMap<K, V> entries;

    Memory(int maximum) {
        entries = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > maximum;
            }
        };
    }

    synchronized Optional<V> get(K key) {
        return Optional.ofNullable(entries.get(key));
    }

    synchronized void put(K key, V value) {
        entries.put(key, value);
    }
}
