package io.cloister.vault.hibernate;

import io.cloister.vault.RowDigest;
import io.cloister.vault.TableSpec;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One session's rows between their statements and the commit. Used by the session's thread only. */
final class PendingRows {
    private final IdentityHashMap<Object, List<Object>> plain = new IdentityHashMap<>();
    private final Map<TableSpec, RowDigest> digests = new LinkedHashMap<>();

    /** Remembers the plain values of an entity while its statement runs. */
    void plain(Object entity, List<Object> values) {
        plain.put(entity, values);
    }

    List<Object> takePlain(Object entity) {
        return Optional.ofNullable(plain.remove(entity)).orElseThrow();
    }

    RowDigest digest(TableSpec table) {
        return digests.computeIfAbsent(table, it -> new RowDigest());
    }

    Map<TableSpec, RowDigest> digests() {
        return digests;
    }
}
