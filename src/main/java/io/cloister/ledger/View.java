package io.cloister.ledger;

import io.cloister.codec.Bytes;
import java.util.Optional;
import java.util.SortedMap;

/** Reading one module's part of the state. Keys are relative to the module. */
public interface View {

    Optional<Bytes> get(Bytes key);

    /** The first {@code limit} entries under the prefix, in the order of keys. */
    SortedMap<Bytes, Bytes> scan(Bytes prefix, int limit);

    /** The same version of the state as another module sees it. */
    View module(int id);
}
