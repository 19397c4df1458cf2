package io.cloister.multichain.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.codec.ethereum.BlockHeader;
import io.cloister.codec.ethereum.Log;
import io.cloister.codec.ethereum.MerklePatriciaTrie;
import io.cloister.codec.ethereum.Receipt;
import io.cloister.codec.ethereum.Rlp;
import io.cloister.crypto.Hashes;
import io.cloister.multichain.ChainProfiles;
import io.cloister.multichain.EthereumProfile;
import io.cloister.multichain.rpc.ScriptedNode.NodeError;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A node of a chain of headers over real receipts; its genesis is block 0. */
public final class ScriptedEthereum implements AutoCloseable {
    private static final int NOT_FOUND = -39_001;

    public final ScriptedNode node = new ScriptedNode();

    public long chainId = ChainProfiles.ETHEREUM_DEV.chainId();

    /** Blocks on top of the finalized one. */
    public int depth = 2;

    /** Whether the node says which block is finalized. */
    public boolean knowsFinalized = true;

    /** Whether the node's index of logs finds anything. */
    public boolean indexes = true;

    private final List<Made> blocks = new ArrayList<>();
    private int salt;

    private record Made(BlockHeader header, List<Receipt> receipts) {}

    public ScriptedEthereum() {
        node.on("eth_chainId", params -> quantity(chainId))
                .on("eth_blockNumber", params -> quantity(height()))
                .on("eth_getBlockByNumber", params -> byNumber(params.path(0).asText()))
                .on("eth_getBlockByHash", params -> byHash(params.path(0).asText()))
                .on("eth_getBlockReceipts", params -> receipts(params.path(0).asText()))
                .on("eth_getLogs", params -> logs(params.path(0)));
        mine();
    }

    public EthereumRpc rpc() {
        return rpc(ChainProfiles.ETHEREUM_DEV);
    }

    public EthereumRpc rpc(EthereumProfile profile) {
        return new EthereumRpc(node.rpc(), profile);
    }

    public long height() {
        return blocks.size() - 1;
    }

    /** A block whose second transaction has these logs. */
    public long mine(Log... logs) {
        List<Receipt> receipts =
                List.of(Receipt.of(2, true, 21_000, List.of()), Receipt.of(2, true, 90_000, List.of(logs)));
        Map<Bytes, Bytes> trie = new HashMap<>();
        for (int i = 0; i < receipts.size(); i++) {
            trie.put(Rlp.encode(Rlp.number(i)), receipts.get(i).encode());
        }
        blocks.add(new Made(header(MerklePatriciaTrie.root(trie), Receipt.bloom(List.of(logs))), receipts));
        return height();
    }

    public void mineEmpty(int count) {
        for (int i = 0; i < count; i++) {
            mine();
        }
    }

    /** Takes the highest blocks away. */
    public void forget(int count) {
        for (int i = 0; i < count; i++) {
            blocks.removeLast();
        }
    }

    private BlockHeader header(Bytes receiptsRoot, Bytes bloom) {
        return new BlockHeader(
                blocks.isEmpty() ? Bytes.zeros(32) : blocks.getLast().header().hash(),
                Bytes.zeros(32),
                Bytes.zeros(20),
                Bytes.zeros(32),
                Bytes.zeros(32),
                receiptsRoot,
                bloom,
                BigInteger.ZERO,
                blocks.size(),
                30_000_000,
                90_000,
                1_700_000_000 + blocks.size(),
                new Writer().u32(salt++).toBytes(),
                Bytes.zeros(32),
                Bytes.zeros(8),
                Optional.of(BigInteger.valueOf(7)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private @Nullable Object byNumber(String name) {
        if (name.equals("finalized")) {
            if (!knowsFinalized) {
                throw new NodeError(NOT_FOUND, "finalized block not found");
            }
            return json(blocks.get((int) Math.max(0, height() - depth)).header());
        }
        long number = Long.decode(name);
        return number > height() ? null : json(blocks.get((int) number).header());
    }

    private @Nullable Object byHash(String hash) {
        return blocks.stream()
                .filter(made -> made.header().hash().to0x().equals(hash))
                .findFirst()
                .map(made -> json(made.header()))
                .orElse(null);
    }

    private Object receipts(String number) {
        return blocks.get(Long.decode(number).intValue()).receipts().stream()
                .map(ScriptedEthereum::json)
                .toList();
    }

    private Object logs(JsonNode filter) {
        List<Object> found = new ArrayList<>();
        long to = Math.min(height(), Long.decode(filter.path("toBlock").asText()));
        for (long at = Long.decode(filter.path("fromBlock").asText()); indexes && at <= to; at++) {
            Made made = blocks.get((int) at);
            for (int i = 0; i < made.receipts().size(); i++) {
                for (Log log : made.receipts().get(i).logs()) {
                    if (log.address().to0x().equals(filter.path("address").asText())) {
                        found.add(Map.of(
                                "blockNumber", quantity(at),
                                "blockHash", made.header().hash().to0x(),
                                "transactionIndex", quantity(i),
                                "transactionHash",
                                        Hashes.sha256(Bytes.utf8(at + "/" + i)).to0x()));
                    }
                }
            }
        }
        return found;
    }

    private static Map<String, Object> json(BlockHeader header) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("hash", header.hash().to0x());
        json.put("parentHash", header.parentHash().to0x());
        json.put("sha3Uncles", header.ommersHash().to0x());
        json.put("miner", header.beneficiary().to0x());
        json.put("stateRoot", header.stateRoot().to0x());
        json.put("transactionsRoot", header.transactionsRoot().to0x());
        json.put("receiptsRoot", header.receiptsRoot().to0x());
        json.put("logsBloom", header.logsBloom().to0x());
        json.put("difficulty", "0x0");
        json.put("number", quantity(header.number()));
        json.put("gasLimit", quantity(header.gasLimit()));
        json.put("gasUsed", quantity(header.gasUsed()));
        json.put("timestamp", quantity(header.timestamp()));
        json.put("extraData", header.extraData().to0x());
        json.put("mixHash", header.mixHash().to0x());
        json.put("nonce", header.nonce().to0x());
        json.put("baseFeePerGas", "0x7");
        return json;
    }

    private static Map<String, Object> json(Receipt receipt) {
        List<Object> logs = new ArrayList<>();
        for (Log log : receipt.logs()) {
            logs.add(Map.of(
                    "address", log.address().to0x(),
                    "topics", log.topics().stream().map(Bytes::to0x).toList(),
                    "data", log.data().to0x()));
        }
        return Map.of(
                "type", quantity(receipt.type()),
                "status", receipt.success() ? "0x1" : "0x0",
                "cumulativeGasUsed", quantity(receipt.cumulativeGasUsed()),
                "logsBloom", receipt.bloom().to0x(),
                "logs", logs);
    }

    private static String quantity(long value) {
        return "0x" + Long.toHexString(value);
    }

    @Override
    public void close() {
        node.close();
    }
}
