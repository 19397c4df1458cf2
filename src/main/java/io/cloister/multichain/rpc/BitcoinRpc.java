package io.cloister.multichain.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.multichain.BitcoinProfile;
import io.cloister.multichain.ProofRefused;
import io.cloister.multichain.bitcoin.BitcoinBlock;
import io.cloister.multichain.bitcoin.BitcoinHeader;
import io.cloister.multichain.bitcoin.BitcoinTransaction;
import io.cloister.multichain.bitcoin.FeePolicy;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.bitcoin.TxOutput;
import io.cloister.multichain.rpc.FeeEstimate.Source;
import io.cloister.multichain.rpc.RpcException.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The few questions asked of a node of the Bitcoin family. Blocks and transactions are taken raw and checked against
 * the hash they were asked by. No wallet is needed.
 */
public final class BitcoinRpc {
    private static final long NOT_FOUND = -5;
    private static final long HEIGHT_OUT_OF_RANGE = -8;
    private static final long ALREADY_IN_CHAIN = -27;

    private final JsonRpc rpc;
    private final BitcoinProfile profile;

    public BitcoinRpc(JsonRpc rpc, BitcoinProfile profile) {
        this.rpc = rpc;
        this.profile = profile;
    }

    public BitcoinProfile profile() {
        return profile;
    }

    /**
     * Asks every endpoint for its first block, before anything else is believed.
     *
     * @throws RpcException WRONG_CHAIN naming the profile
     */
    public void requireChain() {
        for (JsonNode answer : rpc.answers("getblockhash", 0)) {
            if (!Json.text(answer).equals(profile.genesis())) {
                throw new RpcException(
                        Reason.WRONG_CHAIN,
                        "the node of " + profile.name() + " is on another chain: its first block is not "
                                + profile.genesis());
            }
        }
    }

    /** The height that as many endpoints as must agree have reached. */
    public long blockCount() {
        List<Long> heights = rpc.answers("getblockcount").stream()
                .map(Json::integer)
                .sorted(Comparator.reverseOrder())
                .toList();
        return heights.get(rpc.agreement() - 1);
    }

    /** Wire-order hash of the block at this height in the node's best chain; empty above its tip. */
    public Optional<Bytes> blockHash(long height) {
        return unless(HEIGHT_OUT_OF_RANGE, () -> rpc.call("getblockhash", height))
                .map(answer -> Json.bytes(answer, 32).reversed());
    }

    /**
     * A whole block, its hash, Merkle root and work checked.
     *
     * @param hash in wire order
     * @return empty when the node does not know it
     */
    public Optional<BitcoinBlock> block(Bytes hash) {
        Optional<Bytes> raw = unless(
                        NOT_FOUND, () -> rpc.call("getblock", hash.reversed().toHex(), 0))
                .map(Json::bytes);
        return raw.map(wire -> checked(hash, wire));
    }

    /**
     * A block's header, its hash checked.
     *
     * @param hash in wire order
     * @return empty when the node does not know it
     */
    public Optional<BitcoinHeader> header(Bytes hash) {
        Optional<BitcoinHeader> header = unless(
                        NOT_FOUND,
                        () -> rpc.call("getblockheader", hash.reversed().toHex(), false))
                .map(answer -> parsed(Json.bytes(answer), BitcoinHeader::new));
        if (header.isPresent() && !header.get().hash().equals(hash)) {
            throw new RpcException(Reason.UNVERIFIED, "a header was served that has another hash");
        }
        return header;
    }

    private BitcoinBlock checked(Bytes hash, Bytes wire) {
        BitcoinBlock block = parsed(wire, BitcoinBlock::decode);
        if (!block.header().hash().equals(hash)) {
            throw new RpcException(Reason.UNVERIFIED, "a block was served that has another hash");
        }
        if (!block.header().hasWork(profile)) {
            throw new RpcException(Reason.UNVERIFIED, "a block was served without enough work");
        }
        return block;
    }

    private static <T> T parsed(Bytes wire, Function<Bytes, T> parser) {
        try {
            return parser.apply(wire);
        } catch (CodecException | ProofRefused e) {
            throw new RpcException(Reason.UNVERIFIED, "what was served does not parse: " + e.getMessage(), e);
        }
    }

    /**
     * A transaction from the mempool, or from a block where the node keeps an index.
     *
     * @param txid in wire order
     */
    public Optional<BitcoinTransaction> transaction(Bytes txid) {
        Optional<BitcoinTransaction> found = unless(
                        NOT_FOUND,
                        () -> rpc.call("getrawtransaction", txid.reversed().toHex()))
                .map(answer -> parsed(Json.bytes(answer), BitcoinTransaction::decode));
        if (found.isPresent() && !found.get().txid().equals(txid)) {
            throw new RpcException(Reason.UNVERIFIED, "a transaction was served that has another id");
        }
        return found;
    }

    /** Wire-order ids of the transactions waiting at the node. Its word only. */
    public List<Bytes> mempool() {
        List<Bytes> txids = new ArrayList<>();
        for (JsonNode txid : rpc.answers("getrawmempool").getFirst()) {
            txids.add(Json.bytes(txid, 32).reversed());
        }
        return txids;
    }

    /** An unspent output, if the node's best chain (with the mempool, if asked for) has it. Its word only. */
    public Optional<TxOutput> unspent(OutPoint outPoint, boolean withMempool) {
        JsonNode answer = rpc.call("gettxout", outPoint.displayTxid(), outPoint.index(), withMempool);
        if (answer.isNull()) {
            return Optional.empty();
        }
        JsonNode script = Json.field(Json.field(answer, "scriptPubKey"), "hex");
        return Optional.of(new TxOutput(Json.units(Json.field(answer, "value")), Json.bytes(script)));
    }

    /**
     * Broadcasts. A transaction that is waiting or confirmed already counts as sent.
     *
     * @return its id in wire order
     * @throws RpcException ERROR_ANSWER with the node's reason when it is refused
     */
    public Bytes send(BitcoinTransaction transaction) {
        unless(
                ALREADY_IN_CHAIN,
                () -> rpc.tell("sendrawtransaction", transaction.encode().toHex()));
        return transaction.txid();
    }

    /** A fee rate for confirmation within so many blocks, and who says so. */
    public FeeEstimate estimateFee(int blocks) {
        List<Long> rates = new ArrayList<>();
        String detail = "no data";
        for (JsonNode answer : rpc.answers("estimatesmartfee", blocks)) {
            if (answer.has("feerate")) {
                rates.add(Json.units(answer.get("feerate")));
            } else {
                detail = answer.path("errors").path(0).asText(detail);
            }
        }
        if (rates.isEmpty()) {
            return new FeeEstimate(profile.minimumFeeRate(), Source.FLOOR, detail);
        }
        long median = rates.stream().sorted().toList().get(rates.size() / 2);
        long clamped = FeePolicy.clamp(profile, median);
        Source source = median < clamped ? Source.FLOOR : median > clamped ? Source.CAP : Source.ESTIMATOR;
        return new FeeEstimate(clamped, source, "estimate for " + blocks + " blocks: " + median);
    }

    private interface Call {
        JsonNode run();
    }

    private static Optional<JsonNode> unless(long code, Call call) {
        try {
            return Optional.of(call.run());
        } catch (RpcException e) {
            if (e.hasCode(code)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
