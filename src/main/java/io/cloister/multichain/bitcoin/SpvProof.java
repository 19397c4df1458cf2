package io.cloister.multichain.bitcoin;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.multichain.BitcoinProfile;
import io.cloister.multichain.ProofRefused;
import io.cloister.multichain.ProofRefused.Reason;
import java.util.List;

/**
 * That a transaction stands in a block of a known hash, provable without any state.
 *
 * <p>The coinbase is proved beside it, because its depth is the depth of the tree: a path of another depth would begin
 * at an inner node that somebody passes off as a transaction, or end at one.
 *
 * @param header of the block
 * @param transaction without witnesses
 * @param branch from the transaction to the root
 * @param coinbase of the block, without witnesses
 * @param coinbaseSiblings from the coinbase to the root
 */
public record SpvProof(
        BitcoinHeader header, Bytes transaction, MerkleBranch branch, Bytes coinbase, List<Bytes> coinbaseSiblings) {
    /** Longest transaction that may be proved, in bytes without witnesses; also the longest that nodes relay. */
    public static final int MAX_TRANSACTION = 100_000;

    /** Inner nodes have 64 bytes; a real transaction is longer. */
    private static final int MIN_TRANSACTION = 65;

    public SpvProof {
        coinbaseSiblings = List.copyOf(coinbaseSiblings);
    }

    /** What a checked proof says. */
    public record Proven(BitcoinTransaction transaction, Bytes txid, BitcoinHeader header, long index) {}

    /**
     * Checks everything that needs no state.
     *
     * @param blockHash in wire order, of the block that the caller believes in
     * @throws ProofRefused with the rule that is broken
     */
    public Proven check(BitcoinProfile profile, Bytes blockHash) {
        if (!header.hash().equals(blockHash)) {
            throw new ProofRefused(
                    Reason.WRONG_BLOCK,
                    "the header is not block " + blockHash.reversed().toHex());
        }
        if (!header.hasWork(profile)) {
            throw new ProofRefused(Reason.WORK, "the header's work does not meet an allowed target");
        }
        BitcoinTransaction first = parse(coinbase);
        if (!first.isCoinbase()) {
            throw new ProofRefused(Reason.COINBASE_FORM, "the block's first transaction spends an output");
        }
        if (!new MerkleBranch(0, coinbaseSiblings).fold(first.txid()).equals(header.merkleRoot())) {
            throw new ProofRefused(Reason.COINBASE_FORM, "the coinbase's path does not lead to the root");
        }
        if (branch.siblings().size() != coinbaseSiblings.size()) {
            throw new ProofRefused(Reason.DEPTH, "transaction and coinbase lie at different depths");
        }
        BitcoinTransaction proven = parse(transaction);
        Bytes txid = proven.txid();
        if (!branch.fold(txid).equals(header.merkleRoot())) {
            throw new ProofRefused(Reason.ROOT, "the transaction's path does not lead to the root");
        }
        if (proven.isCoinbase()) {
            throw new ProofRefused(Reason.COINBASE, "outputs of a coinbase are not taken");
        }
        return new Proven(proven, txid, header, branch.index());
    }

    private static BitcoinTransaction parse(Bytes wire) {
        if (wire.length() < MIN_TRANSACTION || wire.length() > MAX_TRANSACTION) {
            throw new ProofRefused(Reason.TRANSACTION_SIZE, "a transaction of " + wire.length() + " bytes");
        }
        try {
            return BitcoinTransaction.decodeStripped(wire);
        } catch (CodecException e) {
            throw new ProofRefused(Reason.TRANSACTION_FORM, "not a transaction without witnesses", e);
        }
    }

    public void encode(Writer writer) {
        writer.fixed(header.raw()).bytes(transaction);
        branch.encode(writer);
        writer.bytes(coinbase).list(coinbaseSiblings, Writer::fixed);
    }

    /** Reads a proof from a stranger; sizes are bounded, nothing is checked yet. */
    public static SpvProof decode(Reader reader) {
        return new SpvProof(
                new BitcoinHeader(reader.fixed(BitcoinHeader.LENGTH)),
                reader.bytes(MAX_TRANSACTION),
                MerkleBranch.decode(reader),
                reader.bytes(MAX_TRANSACTION),
                reader.list(MerkleBranch.MAX_DEPTH, each -> each.fixed(32)));
    }
}
