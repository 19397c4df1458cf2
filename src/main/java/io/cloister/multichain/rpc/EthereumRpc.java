package io.cloister.multichain.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.ethereum.BlockHeader;
import io.cloister.codec.ethereum.Receipt;
import io.cloister.crypto.Hashes;
import io.cloister.multichain.BlockRef;
import io.cloister.multichain.EthereumProfile;
import io.cloister.multichain.ethereum.FeeQuote;
import io.cloister.multichain.ethereum.View;
import io.cloister.multichain.rpc.RpcException.Reason;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The few questions asked of an Ethereum node. Headers are rebuilt and must hash to what the node says; receipts are to
 * be checked against them. Views, nonces and fees are the node's word only.
 */
public final class EthereumRpc {
    private static final long METHOD_NOT_FOUND = -32601;
    private static final int FEE_BLOCKS = 10;
    private static final int TIP_PERCENTILE = 50;

    private final JsonRpc rpc;
    private final EthereumProfile profile;

    public EthereumRpc(JsonRpc rpc, EthereumProfile profile) {
        this.rpc = rpc;
        this.profile = profile;
    }

    public EthereumProfile profile() {
        return profile;
    }

    /**
     * Asks every endpoint for the EIP-155 id of its chain, before anything else is believed.
     *
     * @throws RpcException WRONG_CHAIN naming the profile
     */
    public void requireChain() {
        for (JsonNode answer : rpc.answers("eth_chainId")) {
            BigInteger id = Json.quantity(answer);
            if (!id.equals(BigInteger.valueOf(profile.chainId()))) {
                throw new RpcException(
                        Reason.WRONG_CHAIN,
                        "the node of " + profile.name() + " is on another chain: its id is " + id + ", not "
                                + profile.chainId());
            }
        }
    }

    /** The highest block that as many endpoints as must agree have. */
    public long blockNumber() {
        List<Long> numbers = rpc.answers("eth_blockNumber").stream()
                .map(Json::smallQuantity)
                .sorted(Comparator.reverseOrder())
                .toList();
        return numbers.get(rpc.agreement() - 1);
    }

    /** The header at this height in the node's best chain; empty above its tip. */
    public Optional<BlockHeader> header(long number) {
        return present(rpc.call("eth_getBlockByNumber", Json.quantity(number), false))
                .map(HeaderJson::header)
                .filter(header -> header.number() == number);
    }

    /** The header with this hash, if the node knows it. */
    public Optional<BlockHeader> header(Bytes hash) {
        Optional<BlockHeader> header =
                present(rpc.call("eth_getBlockByHash", hash.to0x(), false)).map(HeaderJson::header);
        if (header.isPresent() && !header.get().hash().equals(hash)) {
            throw new RpcException(Reason.UNVERIFIED, "a header was served that has another hash");
        }
        return header;
    }

    /**
     * The height up to which the chain is final: the lowest {@code finalized} block among as many endpoints as must
     * agree, or, on a chain without finality, the profile's depth below the tip.
     *
     * @throws RpcException when the node of a chain with finality does not say; depth never stands in for it
     */
    public long finalNumber() {
        if (!profile.finality()) {
            return Math.max(0, blockNumber() - profile.confirmations().floor() + 1);
        }
        List<Long> numbers = new ArrayList<>();
        for (JsonNode block : rpc.answers("eth_getBlockByNumber", "finalized", false)) {
            numbers.add(block.isNull() ? 0 : HeaderJson.header(block).number());
        }
        return numbers.stream().sorted(Comparator.reverseOrder()).toList().get(rpc.agreement() - 1);
    }

    /** All receipts of a block in order. They are the block's only if they add up to its root. */
    public List<Receipt> receipts(BlockHeader block) {
        JsonNode answer;
        try {
            answer = rpc.call("eth_getBlockReceipts", Json.quantity(block.number()));
        } catch (RpcException e) {
            if (!e.hasCode(METHOD_NOT_FOUND)) {
                throw e;
            }
            answer = receiptsOneByOne(block);
        }
        List<Receipt> receipts = new ArrayList<>();
        try {
            for (JsonNode receipt : answer) {
                receipts.add(HeaderJson.receipt(receipt));
            }
        } catch (CodecException e) {
            throw new RpcException(Reason.MALFORMED, "a receipt was served that is none", e);
        }
        return receipts;
    }

    private JsonNode receiptsOneByOne(BlockHeader block) {
        JsonNode served = rpc.call("eth_getBlockByHash", block.hash().to0x(), false);
        var receipts = JsonNodeFactory.instance.arrayNode();
        for (JsonNode hash : Json.field(served, "transactions")) {
            receipts.add(rpc.call("eth_getTransactionReceipt", Json.text(hash)));
        }
        return receipts;
    }

    /** A log as the node's index has it; its word only. */
    public record IndexedLog(long blockNumber, Bytes blockHash, long transactionIndex, Bytes transactionHash) {}

    /** Where the node's index knows logs of a contract, both heights included. */
    public List<IndexedLog> logs(Bytes contract, long from, long to) {
        ObjectNode filter = JsonNodeFactory.instance.objectNode();
        filter.put("address", contract.to0x())
                .put("fromBlock", Json.quantity(from))
                .put("toBlock", Json.quantity(to));
        List<IndexedLog> logs = new ArrayList<>();
        for (JsonNode log : rpc.call("eth_getLogs", filter)) {
            logs.add(new IndexedLog(
                    HeaderJson.number(log, "blockNumber"),
                    HeaderJson.bytes(log, "blockHash", 32),
                    HeaderJson.number(log, "transactionIndex"),
                    HeaderJson.bytes(log, "transactionHash", 32)));
        }
        return logs;
    }

    /**
     * A transaction that stands in a block.
     *
     * @param created address of the contract it created
     */
    public record Included(
            BlockRef block, long transactionIndex, Receipt receipt, long gasUsed, Optional<Bytes> created) {}

    /** What became of a transaction, once it is in a block. The node's word only. */
    public Optional<Included> included(Bytes transactionHash) {
        return present(rpc.call("eth_getTransactionReceipt", transactionHash.to0x()))
                .map(receipt -> new Included(
                        new BlockRef(
                                HeaderJson.number(receipt, "blockNumber"), HeaderJson.bytes(receipt, "blockHash", 32)),
                        HeaderJson.number(receipt, "transactionIndex"),
                        HeaderJson.receipt(receipt),
                        HeaderJson.number(receipt, "gasUsed"),
                        present(receipt.path("contractAddress")).map(address -> Json.bytes(address, 20))));
    }

    /**
     * Asks a contract, at the tip.
     *
     * @throws RpcException ERROR_ANSWER when it reverts, MALFORMED when the answer is to another question
     */
    public <T> T read(Bytes contract, View<T> view) {
        Bytes answer = Json.bytes(rpc.call("eth_call", request(Optional.empty(), contract, view.callData()), "latest"));
        try {
            return view.decoder().apply(answer);
        } catch (RuntimeException e) {
            throw new RpcException(Reason.MALFORMED, "the contract's answer is not what was asked for", e);
        }
    }

    /**
     * Gas that a call would take.
     *
     * @param to empty for the creation of a contract
     * @throws RpcException ERROR_ANSWER with the contract's error in {@link RpcException#data()} when it reverts
     */
    public long estimateGas(Bytes from, Optional<Bytes> to, Bytes data) {
        ObjectNode request = request(Optional.of(from), to.orElse(Bytes.EMPTY), data);
        return Json.smallQuantity(rpc.call("eth_estimateGas", request));
    }

    private static ObjectNode request(Optional<Bytes> from, Bytes to, Bytes data) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        from.ifPresent(address -> request.put("from", address.to0x()));
        if (!to.isEmpty()) {
            request.put("to", to.to0x());
        }
        return request.put("data", data.to0x());
    }

    /** Number of the account's next transaction, those that wait counted. */
    public long nonce(Bytes account) {
        return Json.smallQuantity(rpc.call("eth_getTransactionCount", account.to0x(), "pending"));
    }

    /** What to offer for gas now. */
    public FeeQuote fees() {
        JsonNode history = rpc.call("eth_feeHistory", Json.quantity(FEE_BLOCKS), "latest", List.of(TIP_PERCENTILE));
        JsonNode baseFees = Json.field(history, "baseFeePerGas");
        if (baseFees.isEmpty()) {
            throw new RpcException(Reason.MALFORMED, "a fee history without fees");
        }
        List<BigInteger> tips = new ArrayList<>();
        for (JsonNode block : history.path("reward")) {
            tips.add(Json.quantity(block.path(0)));
        }
        return FeeQuote.of(Json.quantity(baseFees.get(baseFees.size() - 1)), tips);
    }

    /**
     * Broadcasts. A transaction that the node knows already counts as sent.
     *
     * @return its hash
     */
    public Bytes send(Bytes rawTransaction) {
        Bytes hash = Hashes.keccak256(rawTransaction);
        try {
            rpc.tell("eth_sendRawTransaction", rawTransaction.to0x());
        } catch (RpcException e) {
            boolean known = e.reason() == Reason.ERROR_ANSWER
                    && present(rpc.call("eth_getTransactionByHash", hash.to0x()))
                            .isPresent();
            if (!known) {
                throw e;
            }
        }
        return hash;
    }

    private static Optional<JsonNode> present(JsonNode node) {
        return node.isNull() || node.isMissingNode() ? Optional.empty() : Optional.of(node);
    }
}
