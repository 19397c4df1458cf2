package io.cloister.consensus;

import io.cloister.codec.Bytes;
import java.util.List;

/**
 * What executing a block's transactions on top of the last committed state would do.
 *
 * @param stateRoot root of the state afterwards, 32 bytes
 * @param receiptsRoot root over the transactions' results, 32 bytes
 * @param changes the writes, each key at most once
 * @param nextValidators who decides the next block
 * @param handle the application's own notes, given back to it when the block is committed
 */
public record Execution(
        Bytes stateRoot, Bytes receiptsRoot, List<Change> changes, ValidatorSet nextValidators, Object handle) {
    public Execution {
        Limits.length(stateRoot, Limits.HASH_BYTES, "a state root");
        Limits.length(receiptsRoot, Limits.HASH_BYTES, "a receipts root");
        changes = List.copyOf(changes);
    }
}
