package io.cloister.attestation.snp;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The entries used last, at most so many. Thread-safe. */
final class Recent<K, V> {
    private final Map<K, V> entries;

    Recent(int capacity) {
        this.entries = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > capacity;
            }
        };
    }

    synchronized Optional<V> get(K key) {
        return Optional.ofNullable(entries.get(key));
    }

    synchronized void put(K key, V value) {
        entries.put(key, value);
    }

    synchronized int size() {
        return entries.size();
    }
}
