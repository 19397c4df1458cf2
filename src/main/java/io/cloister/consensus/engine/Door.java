package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Batch;
import io.cloister.consensus.core.Message;
import java.util.List;
import java.util.Set;

/**
 * What of a peer's message comes in. Batches whose transactions are all refused stay out, but for those that a proposed
 * block names: whether that block is valid is the block's affair, and it cannot be judged without them. Signatures of
 * transactions are checked here, on the threads of the channel, and remembered by the application. Thread-safe.
 */
final class Door {
    private final TransactionPool pool;
    private volatile Set<Bytes> wanted = Set.of();

    Door(TransactionPool pool) {
        this.pool = pool;
    }

    /** Proposed blocks wait for these batches, by their digests, and for no others. */
    void open(Set<Bytes> digests) {
        wanted = digests;
    }

    Message admit(Message message) {
        return message instanceof Message.Batches(List<Batch> batches)
                ? new Message.Batches(batches.stream().filter(this::isWelcome).toList())
                : message;
    }

    private boolean isWelcome(Batch batch) {
        return pool.isAcceptable(batch) || wanted.contains(batch.digest());
    }
}
