package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.MerkleTree;
import java.util.List;

/** A header and the transactions that it commits to, at most {@link Limits#BLOCK_BYTES} of them. */
public record Block(Header header, List<Bytes> transactions) {
    public Block {
        transactions = List.copyOf(transactions);
        Limits.require(transactions.size() <= Limits.BLOCK_TRANSACTIONS, transactions.size() + " transactions");
        for (Bytes transaction : transactions) {
            Limits.require(
                    !transaction.isEmpty() && transaction.length() <= Limits.TRANSACTION_BYTES,
                    "a transaction of " + transaction.length() + " bytes");
        }
        long bytes = bytesOf(transactions);
        Limits.require(bytes <= Limits.BLOCK_BYTES, bytes + " bytes of transactions");
    }

    /** What transactions count towards {@link Limits#BLOCK_BYTES}. */
    public static long bytesOf(List<Bytes> transactions) {
        long bytes = 0;
        for (Bytes transaction : transactions) {
            bytes += Integer.BYTES + transaction.length();
        }
        return bytes;
    }

    public Bytes id() {
        return header.id();
    }

    public long height() {
        return header.height();
    }

    /** Whether the transactions are the ones of the header, so that the id names this very body. */
    public boolean isIntact() {
        return MerkleTree.root(transactions).equals(header.transactionsRoot());
    }

    public void encode(Writer writer) {
        header.encode(writer);
        encodeTransactions(writer, transactions);
    }

    public static Block decode(Reader reader) {
        return new Block(Header.decode(reader), decodeTransactions(reader));
    }

    public static void encodeTransactions(Writer writer, List<Bytes> transactions) {
        writer.list(transactions, Writer::bytes);
    }

    public static List<Bytes> decodeTransactions(Reader reader) {
        return reader.list(Limits.BLOCK_TRANSACTIONS, r -> r.bytes(Limits.TRANSACTION_BYTES));
    }
}
