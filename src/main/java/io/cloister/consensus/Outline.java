package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.MerkleTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A block without the contents of its batches: what a proposal carries.
 *
 * @param lastCommit of the block before; empty at height 1
 * @param opening of the header's epoch in its first own block
 * @param batches digests, in the order of execution, no two alike
 */
public record Outline(Header header, Optional<Commit> lastCommit, Optional<Opening> opening, List<Bytes> batches) {
    public Outline {
        batches = List.copyOf(batches);
        Limits.require(batches.size() <= Limits.BLOCK_BATCHES, batches.size() + " batches");
        for (Bytes digest : batches) {
            Limits.length(digest, Limits.HASH_BYTES, "a digest of a batch");
        }
        Limits.require(batches.stream().distinct().count() == batches.size(), "a batch that stands twice");
    }

    /** The root that a header has for these batches. */
    public static Bytes transactionsRoot(List<Bytes> digests) {
        return MerkleTree.root(digests);
    }

    public static Bytes hash(Optional<Commit> lastCommit) {
        return lastCommit.map(Commit::hash).orElse(Header.NONE);
    }

    public static Bytes openingHash(Optional<Opening> opening) {
        return opening.map(Opening::hash).orElse(Header.NONE);
    }

    public Bytes id() {
        return header.id();
    }

    public long height() {
        return header.height();
    }

    /** Whether the parts are the ones that the header names. */
    public boolean isIntact() {
        return transactionsRoot(batches).equals(header.transactionsRoot())
                && hash(lastCommit).equals(header.commitHash())
                && openingHash(opening).equals(header.openingHash());
    }

    /** The block, when every batch is there and they fit a block. */
    public Optional<Block> fill(Map<Bytes, Batch> held) {
        List<Batch> contents = new ArrayList<>();
        long bytes = 0;
        for (Bytes digest : batches) {
            Batch batch = held.get(digest);
            if (batch == null) {
                return Optional.empty();
            }
            contents.add(batch);
            bytes += batch.bytes();
        }
        return bytes <= Limits.BLOCK_BYTES
                ? Optional.of(new Block(header, lastCommit, opening, contents))
                : Optional.empty();
    }

    public void encode(Writer writer) {
        header.encode(writer);
        writer.optional(lastCommit, (w, it) -> it.encode(w)).optional(opening, (w, it) -> it.encode(w));
        writer.list(batches, Writer::fixed);
    }

    public static Outline decode(Reader reader) {
        return new Outline(
                Header.decode(reader),
                reader.optional(Commit::decode),
                reader.optional(Opening::decode),
                reader.list(Limits.BLOCK_BATCHES, r -> r.fixed(Limits.HASH_BYTES)));
    }
}
