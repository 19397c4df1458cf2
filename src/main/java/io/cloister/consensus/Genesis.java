package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a chain begins: what stands before height 1. All nodes of a chain have the same one; its id is the parent of
 * the first block, so that a node with another genesis refuses that block.
 *
 * @param epoch number of the first epoch; it rises with each recovery
 * @param timeMillis the first block is later than this
 * @param state what the application's state holds before the first block, by key
 */
public record Genesis(
        String chainId, long epoch, long timeMillis, ValidatorSet validators, SortedMap<Bytes, Bytes> state) {
    private static final Bytes DOMAIN = Bytes.utf8("cloister/genesis/v1");

    public Genesis {
        Limits.chainId(chainId);
        Limits.require(epoch >= 0, "epoch " + epoch);
        Limits.require(timeMillis >= 0, "time " + timeMillis);
        state = Collections.unmodifiableSortedMap(new TreeMap<>(state));
    }

    public Bytes id() {
        Writer writer = new Writer();
        writer.fixed(DOMAIN).string(chainId).u64(epoch).u64(timeMillis);
        validators.encode(writer);
        writer.list(state.entrySet(), (w, entry) -> w.bytes(entry.getKey()).bytes(entry.getValue()));
        return Hashes.sha256(writer.toBytes());
    }
}
