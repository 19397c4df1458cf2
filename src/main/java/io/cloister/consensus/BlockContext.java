package io.cloister.consensus;

import io.cloister.codec.Bytes;

/**
 * What the application may know of the block that it executes: only what stands in the block's header.
 *
 * @param timeMillis the block's time, milliseconds since 1970
 * @param proposerNodeId who made the block
 * @param parentId the header's parent
 * @param lastBlockId the last committed block; the parent as long as heights are decided one after the other
 */
public record BlockContext(long height, long timeMillis, Bytes proposerNodeId, Bytes parentId, Bytes lastBlockId) {}
