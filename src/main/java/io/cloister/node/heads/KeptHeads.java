package io.cloister.node.heads;

import io.cloister.codec.Bytes;
import io.cloister.vault.identity.PeerHeadStore;
import java.util.Collection;
import java.util.Map;

/** Where the heads of peers are kept durably. */
public interface KeptHeads {
    /** All that are kept, encoded, by node id. */
    Map<Bytes, Bytes> load();

    /** Keeps these and drops those; durable when this returns. */
    void keep(Map<Bytes, Bytes> heads, Collection<Bytes> gone);

    static KeptHeads in(PeerHeadStore store) {
        return new KeptHeads() {
            @Override
            public Map<Bytes, Bytes> load() {
                return store.load();
            }

            @Override
            public void keep(Map<Bytes, Bytes> heads, Collection<Bytes> gone) {
                store.keep(heads, gone);
            }
        };
    }
}
