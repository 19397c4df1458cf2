package io.cloister.consensus.ingress;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.Header;
import io.cloister.consensus.Limits;
import io.cloister.crypto.MerkleTree;

/**
 * Where a transaction stands in a block: a leaf of a batch, whose digest is a leaf under the header's transactions root.
 *
 * @param inBatch from the transaction to the batch's digest
 * @param batch that digest
 * @param inBlock from the digest to the header's transactions root
 */
record TransactionPath(MerkleTree.Path inBatch, Bytes batch, MerkleTree.Path inBlock) {
    boolean proves(Bytes transaction, Header header) {
        return inBatch.proves(transaction, batch) && inBlock.proves(batch, header.transactionsRoot());
    }

    void encode(Writer writer) {
        inBatch.encode(writer);
        inBlock.encode(writer.fixed(batch));
    }

    static TransactionPath decode(Reader reader) {
        return new TransactionPath(
                MerkleTree.Path.decode(reader), reader.fixed(Limits.HASH_BYTES), MerkleTree.Path.decode(reader));
    }
}
