package io.cloister.multichain.rpc;

import io.cloister.codec.Bytes;
import io.cloister.multichain.BlockRef;
import java.util.Optional;
import java.util.TreeMap;

/** The hashes of the last blocks that were read, one chain without gaps. */
final class BlockWindow {
    private final int capacity;
    private final TreeMap<Long, Bytes> hashes = new TreeMap<>();

    BlockWindow(int capacity) {
        this.capacity = capacity;
    }

    Optional<BlockRef> tip() {
        return Optional.ofNullable(hashes.lastEntry()).map(entry -> new BlockRef(entry.getKey(), entry.getValue()));
    }

    Optional<BlockRef> at(long height) {
        return Optional.ofNullable(hashes.get(height)).map(hash -> new BlockRef(height, hash));
    }

    /** The block on top of the present tip. */
    void add(BlockRef block) {
        hashes.put(block.height(), block.hash());
        while (hashes.size() > capacity) {
            hashes.pollFirstEntry();
        }
    }

    BlockRef removeTip() {
        var entry = hashes.pollLastEntry();
        return new BlockRef(entry.getKey(), entry.getValue());
    }
}
