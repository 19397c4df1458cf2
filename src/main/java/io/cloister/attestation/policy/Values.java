package io.cloister.attestation.policy;

import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Checks of the values that a policy's groups hold. */
final class Values {
    private Values() {}

    /** An unmodifiable copy. */
    static <T extends Comparable<T>> SortedSet<T> sorted(Collection<T> values) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(values));
    }

    /** An unmodifiable copy. */
    static <K extends Comparable<K>, V> SortedMap<K, V> sorted(Map<K, V> values) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /** An unmodifiable copy of values that all have this many bytes. */
    static SortedSet<Bytes> sized(Collection<Bytes> values, int length, String what) {
        values.forEach(value -> require(value.length() == length, "a " + what + " has " + length + " bytes"));
        return sorted(values);
    }

    /** An unmodifiable copy of versions that have their lines' layouts. */
    static SortedMap<ProductLine, Tcb> versions(Map<ProductLine, Tcb> versions) {
        versions.forEach((line, tcb) ->
                require(tcb.layout() == line.tcbLayout(), "a TCB of " + line.title() + " is of another layout"));
        return sorted(versions);
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new CodecException(Reason.OUT_OF_RANGE, otherwise);
        }
    }
}
