package io.cloister.vault.store;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a level's root holds.
 *
 * @param keysetVersion the version of the keyset row that is in force
 * @param tags of each table's latest record; a tag covers name, version and state, so it stands for exactly one record
 * @param journals by name the number of an entry that was durable when this was written
 * @param stateMade in the root of IDENTITY: whether the state level was made, so that a wiped one is not made anew
 */
record RegistryRoot(
        long keysetVersion, SortedMap<String, Bytes> tags, SortedMap<String, Long> journals, boolean stateMade) {
    private static final int MAX_TABLES = 256;
    private static final int MAX_NAME = 64;

    static RegistryRoot fresh(long keysetVersion) {
        return new RegistryRoot(keysetVersion, new TreeMap<>(), new TreeMap<>(), false);
    }

    RegistryRoot with(String table, Bytes tag) {
        SortedMap<String, Bytes> changed = new TreeMap<>(tags);
        changed.put(table, tag);
        return new RegistryRoot(keysetVersion, changed, journals, stateMade);
    }

    RegistryRoot withKeyset(long version) {
        return new RegistryRoot(version, tags, journals, stateMade);
    }

    /** Notes how far journals are; a number never falls. */
    RegistryRoot withJournals(Map<String, Long> durable) {
        SortedMap<String, Long> changed = new TreeMap<>(journals);
        durable.forEach((name, seq) -> changed.merge(name, seq, Math::max));
        return new RegistryRoot(keysetVersion, tags, changed, stateMade);
    }

    RegistryRoot withState() {
        return new RegistryRoot(keysetVersion, tags, journals, true);
    }

    Bytes encode() {
        return new Writer()
                .u64(keysetVersion)
                .list(
                        tags.entrySet(),
                        (out, entry) -> out.string(entry.getKey()).bytes(entry.getValue()))
                .list(
                        journals.entrySet(),
                        (out, entry) -> out.string(entry.getKey()).u64(entry.getValue()))
                .bool(stateMade)
                .toBytes();
    }

    static RegistryRoot decode(Bytes encoded) {
        Reader in = new Reader(encoded);
        long keysetVersion = in.u64();
        SortedMap<String, Bytes> tags = new TreeMap<>();
        in.list(MAX_TABLES, it -> Map.entry(it.string(MAX_NAME), it.bytes(TinkEnvelope.TAG)))
                .forEach(entry -> tags.put(entry.getKey(), entry.getValue()));
        SortedMap<String, Long> journals = new TreeMap<>();
        in.list(MAX_TABLES, it -> Map.entry(it.string(MAX_NAME), it.u64()))
                .forEach(entry -> journals.put(entry.getKey(), entry.getValue()));
        boolean stateMade = in.bool();
        in.end();
        return new RegistryRoot(keysetVersion, tags, journals, stateMade);
    }
}
