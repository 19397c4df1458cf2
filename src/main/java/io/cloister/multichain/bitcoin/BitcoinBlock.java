package io.cloister.multichain.bitcoin;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.multichain.ProofRefused;
import java.util.ArrayList;
import java.util.List;

/** A whole block whose transactions have been checked against the Merkle root of its header. */
public final class BitcoinBlock {
    private static final int MAX_TRANSACTIONS = 1 << MerkleBranch.MAX_DEPTH;

    private final BitcoinHeader header;
    private final List<BitcoinTransaction> transactions;
    private final List<Bytes> txids;

    private BitcoinBlock(BitcoinHeader header, List<BitcoinTransaction> transactions, List<Bytes> txids) {
        this.header = header;
        this.transactions = transactions;
        this.txids = txids;
    }

    /**
     * Decodes a block as nodes serve it and checks its Merkle root; the work is left to {@link BitcoinHeader#hasWork}.
     *
     * @throws CodecException when it is malformed
     * @throws ProofRefused ROOT or DUPLICATE_NODE
     */
    public static BitcoinBlock decode(Bytes wire) {
        WireReader reader = new WireReader(wire);
        BitcoinHeader header = new BitcoinHeader(reader.fixed(BitcoinHeader.LENGTH));
        int count = reader.compact(MAX_TRANSACTIONS);
        if (count == 0) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a block has a coinbase");
        }
        List<BitcoinTransaction> transactions = new ArrayList<>();
        List<Bytes> txids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            BitcoinTransaction transaction = BitcoinTransaction.read(reader, true);
            transactions.add(transaction);
            txids.add(transaction.txid());
        }
        reader.end();
        if (!MerkleBranch.root(txids).equals(header.merkleRoot())) {
            throw new ProofRefused(ProofRefused.Reason.ROOT, "the transactions do not add up to the header's root");
        }
        return new BitcoinBlock(header, List.copyOf(transactions), List.copyOf(txids));
    }

    public BitcoinHeader header() {
        return header;
    }

    public List<BitcoinTransaction> transactions() {
        return transactions;
    }

    /** Ids in wire order, in the order of the block. */
    public List<Bytes> txids() {
        return txids;
    }

    /** The proof that the transaction at this position stands in this block. */
    public SpvProof proof(int index) {
        return new SpvProof(
                header,
                transactions.get(index).encodeStripped(),
                MerkleBranch.of(txids, index),
                transactions.getFirst().encodeStripped(),
                MerkleBranch.of(txids, 0).siblings());
    }
}
