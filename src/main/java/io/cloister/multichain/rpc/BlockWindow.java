package io.cloister.multichain.rpc;

import io.cloister.codec.Bytes;
import io.cloister.multichain.BlockRef;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The last blocks that were read, one chain without gaps: their hashes and the times in their headers. */
final class BlockWindow {
    private record Read(Bytes hash, long seconds) {}

    private final int capacity;
    private final TreeMap<Long, Read> blocks = new TreeMap<>();

    BlockWindow(int capacity) {
        this.capacity = capacity;
    }

    Optional<BlockRef> tip() {
        return Optional.ofNullable(blocks.lastEntry()).map(BlockWindow::reference);
    }

    Optional<BlockRef> at(long height) {
        return Optional.ofNullable(blocks.get(height)).map(read -> new BlockRef(height, read.hash()));
    }

    /** Time of the tip; 0 before the first block. */
    long tipSeconds() {
        return blocks.isEmpty() ? 0 : blocks.lastEntry().getValue().seconds();
    }

    /** The lowest of these blocks that is not older than this; miners set the times, so they need not rise. */
    OptionalLong lowestSince(long seconds) {
        return blocks.entrySet().stream()
                .filter(entry -> entry.getValue().seconds() >= seconds)
                .mapToLong(Map.Entry::getKey)
                .findFirst();
    }

    /** The block on top of the present tip. */
    void add(BlockRef block, long seconds) {
        blocks.put(block.height(), new Read(block.hash(), seconds));
        while (blocks.size() > capacity) {
            blocks.pollFirstEntry();
        }
    }

    BlockRef removeTip() {
        return reference(blocks.pollLastEntry());
    }

    private static BlockRef reference(Map.Entry<Long, Read> entry) {
        return new BlockRef(entry.getKey(), entry.getValue().hash());
    }
}
