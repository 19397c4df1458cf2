package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.MerkleTree;
import java.util.List;

/**
 * Transactions that one node took in and spreads together, ahead of any block. Blocks name batches by their digests, so
 * that a proposal is small and no transaction travels twice. Immutable; the digest is computed once.
 */
public final class Batch {
    private final List<Bytes> transactions;
    private final long bytes;
    private final Bytes digest;

    /** @throws io.cloister.codec.CodecException OUT_OF_RANGE for an empty batch or one beyond {@link Limits} */
    public Batch(List<Bytes> transactions) {
        this.transactions = List.copyOf(transactions);
        Limits.require(
                !transactions.isEmpty() && transactions.size() <= Limits.BLOCK_TRANSACTIONS,
                transactions.size() + " transactions in a batch");
        long sum = 0;
        for (Bytes transaction : transactions) {
            Limits.require(
                    !transaction.isEmpty() && transaction.length() <= Limits.TRANSACTION_BYTES,
                    "a transaction of " + transaction.length() + " bytes");
            sum += bytesOf(transaction);
        }
        Limits.require(sum <= Limits.BLOCK_BYTES, sum + " bytes of transactions in a batch");
        this.bytes = sum;
        this.digest = MerkleTree.root(this.transactions);
    }

    public List<Bytes> transactions() {
        return transactions;
    }

    /** What it counts towards {@link Limits#BLOCK_BYTES}. */
    public long bytes() {
        return bytes;
    }

    /** RFC 6962 root over the transactions, 32 bytes. */
    public Bytes digest() {
        return digest;
    }

    /** What one transaction counts towards {@link Limits#BLOCK_BYTES}. */
    public static int bytesOf(Bytes transaction) {
        return Integer.BYTES + transaction.length();
    }

    public void encode(Writer writer) {
        writer.list(transactions, Writer::bytes);
    }

    public static Batch decode(Reader reader) {
        return new Batch(reader.list(Limits.BLOCK_TRANSACTIONS, r -> r.bytes(Limits.TRANSACTION_BYTES)));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Batch batch && batch.digest.equals(digest);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }

    @Override
    public String toString() {
        return "batch " + digest + " of " + transactions.size();
    }
}
