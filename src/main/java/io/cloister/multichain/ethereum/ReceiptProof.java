package io.cloister.multichain.ethereum;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.codec.ethereum.BlockHeader;
import io.cloister.codec.ethereum.Log;
import io.cloister.codec.ethereum.MerklePatriciaTrie;
import io.cloister.codec.ethereum.Receipt;
import io.cloister.codec.ethereum.Rlp;
import io.cloister.codec.ethereum.TrieProofException;
import io.cloister.multichain.ProofRefused;
import io.cloister.multichain.ProofRefused.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * That a transaction of a block of a known hash has this receipt: header RLP, whose Keccak-256 is the block's hash, and
 * the nodes of its receipts trie on the way to the key RLP(index).
 *
 * @param header RLP of the block's header
 * @param transactionIndex position of the transaction in its block
 * @param nodes from the root downwards
 */
public record ReceiptProof(Bytes header, long transactionIndex, List<Bytes> nodes) {
    /** Longest header, nodes and number of nodes that are read. */
    public static final int MAX_HEADER = 4 << 10;

    public static final int MAX_NODE = 128 << 10;
    public static final int MAX_NODES = 12;

    public ReceiptProof {
        nodes = List.copyOf(nodes);
    }

    /** What a checked proof says. */
    public record Proven(BlockHeader header, Receipt receipt, long transactionIndex) {

        /**
         * The gateway's event at a position among the logs of the receipt.
         *
         * @param gateway the contract that must have emitted it, 20 bytes
         * @throws ProofRefused FAILED_TRANSACTION, EVENT or EMITTER
         */
        public GatewayEvent event(Bytes gateway, int logIndex) {
            if (!receipt.success()) {
                throw new ProofRefused(Reason.FAILED_TRANSACTION, "the transaction failed");
            }
            if (logIndex < 0 || logIndex >= receipt.logs().size()) {
                throw new ProofRefused(Reason.EVENT, "the receipt has no log " + logIndex);
            }
            Log log = receipt.logs().get(logIndex);
            if (!log.address().equals(gateway)) {
                throw new ProofRefused(Reason.EMITTER, log.address() + " emitted the log, not " + gateway);
            }
            return GatewayEvent.decode(log)
                    .orElseThrow(() -> new ProofRefused(Reason.EVENT, "the log is no event of a gateway"));
        }
    }

    /**
     * Builds the proof from all receipts of a block.
     *
     * @throws ProofRefused ROOT when they are not the header's receipts
     */
    public static ReceiptProof of(BlockHeader header, List<Receipt> receipts, int transactionIndex) {
        Map<Bytes, Bytes> entries = new HashMap<>();
        for (int i = 0; i < receipts.size(); i++) {
            entries.put(key(i), receipts.get(i).encode());
        }
        if (!MerklePatriciaTrie.root(entries).equals(header.receiptsRoot())) {
            throw new ProofRefused(Reason.ROOT, "the receipts do not add up to the header's root");
        }
        return new ReceiptProof(
                header.encode(), transactionIndex, MerklePatriciaTrie.proof(entries, key(transactionIndex)));
    }

    private static Bytes key(long transactionIndex) {
        return Rlp.encode(Rlp.number(transactionIndex));
    }

    /**
     * Checks the proof against a block that the caller believes in.
     *
     * @throws ProofRefused with the rule that is broken
     */
    public Proven check(Bytes blockHash) {
        BlockHeader parsed;
        try {
            parsed = BlockHeader.decode(header);
        } catch (CodecException e) {
            throw new ProofRefused(Reason.RECEIPT_FORM, "the header is malformed", e);
        }
        if (!parsed.hash().equals(blockHash)) {
            throw new ProofRefused(Reason.WRONG_BLOCK, "the header is not block " + blockHash);
        }
        try {
            Bytes envelope = MerklePatriciaTrie.verify(parsed.receiptsRoot(), key(transactionIndex), nodes)
                    .orElseThrow(() -> new ProofRefused(Reason.INDEX, "the block has no such transaction"));
            return new Proven(parsed, Receipt.decode(envelope), transactionIndex);
        } catch (TrieProofException e) {
            throw new ProofRefused(Reason.ROOT, "the nodes do not lead from the root to the receipt", e);
        } catch (CodecException e) {
            throw new ProofRefused(Reason.RECEIPT_FORM, "the receipt is malformed", e);
        }
    }

    public void encode(Writer writer) {
        writer.bytes(header).u32(transactionIndex).list(nodes, Writer::bytes);
    }

    /** Reads a proof from a stranger; sizes are bounded, nothing is checked yet. */
    public static ReceiptProof decode(Reader reader) {
        return new ReceiptProof(
                reader.bytes(MAX_HEADER), reader.u32(), reader.list(MAX_NODES, each -> each.bytes(MAX_NODE)));
    }
}
