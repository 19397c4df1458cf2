package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.List;
import java.util.Optional;

/**
 * A header and all that it commits to: the commit of the block before, the opening of an epoch, and batches with at most
 * {@link Limits#BLOCK_BYTES} of transactions.
 */
public record Block(Header header, Optional<Commit> lastCommit, Optional<Opening> opening, List<Batch> batches) {
    public Block {
        batches = List.copyOf(batches);
        Limits.require(batches.size() <= Limits.BLOCK_BATCHES, batches.size() + " batches");
        long bytes = 0;
        long count = 0;
        for (Batch batch : batches) {
            bytes += batch.bytes();
            count += batch.transactions().size();
        }
        Limits.require(bytes <= Limits.BLOCK_BYTES, bytes + " bytes of transactions");
        Limits.require(count <= Limits.BLOCK_TRANSACTIONS, count + " transactions");
    }

    public Bytes id() {
        return header.id();
    }

    public long height() {
        return header.height();
    }

    /** Of all batches, in the order of execution. */
    public List<Bytes> transactions() {
        return batches.stream().flatMap(it -> it.transactions().stream()).toList();
    }

    /** What its transactions count towards {@link Limits#BLOCK_BYTES}. */
    public long bytes() {
        return batches.stream().mapToLong(Batch::bytes).sum();
    }

    public Outline outline() {
        return new Outline(
                header, lastCommit, opening, batches.stream().map(Batch::digest).toList());
    }

    /** Whether the parts are the ones of the header, so that the id names this very body. */
    public boolean isIntact() {
        return outline().isIntact();
    }

    public void encode(Writer writer) {
        header.encode(writer);
        encodeBody(writer);
    }

    public static Block decode(Reader reader) {
        return decodeBody(Header.decode(reader), reader);
    }

    /** Everything but the header. */
    public void encodeBody(Writer writer) {
        writer.optional(lastCommit, (w, it) -> it.encode(w)).optional(opening, (w, it) -> it.encode(w));
        writer.list(batches, (w, it) -> it.encode(w));
    }

    public static Block decodeBody(Header header, Reader reader) {
        return new Block(
                header,
                reader.optional(Commit::decode),
                reader.optional(Opening::decode),
                reader.list(Limits.BLOCK_BATCHES, Batch::decode));
    }
}
