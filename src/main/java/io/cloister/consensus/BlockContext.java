package io.cloister.consensus;

import io.cloister.codec.Bytes;
import java.util.Optional;

/**
 * What the application may know of the block that it processes: only what stands in the block.
 *
 * @param epoch the header's
 * @param timeMillis the block's time, milliseconds since 1970
 * @param proposerNodeId who made the block
 * @param parentId the last committed block
 * @param lastCommit of that block with the validators' extensions; empty at height 1
 * @param opening of the epoch when the block is its first own one
 */
public record BlockContext(
        long epoch,
        long height,
        long timeMillis,
        Bytes proposerNodeId,
        Bytes parentId,
        Optional<Commit> lastCommit,
        Optional<Opening> opening) {
    public static BlockContext of(Block block) {
        Header header = block.header();
        return new BlockContext(
                header.epoch(),
                header.height(),
                header.timeMillis(),
                header.proposer(),
                header.parent(),
                block.lastCommit(),
                block.opening());
    }
}
