package io.cloister.multichain.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import io.cloister.multichain.ChainProfiles;
import io.cloister.multichain.bitcoin.BitcoinBlock;
import io.cloister.multichain.bitcoin.BitcoinHeader;
import io.cloister.multichain.bitcoin.BitcoinTransaction;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.bitcoin.TxInput;
import io.cloister.multichain.bitcoin.TxOutput;
import io.cloister.multichain.rpc.ScriptedNode.NodeError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A node of a chain of real blocks with the easy work of a regression test. Blocks stand at heights from 1. */
public final class ScriptedLitecoin implements AutoCloseable {
    private static final int EASIEST = 0x207f_ffff;
    private static final long FINAL = 0xffff_ffffL;
    private static final int NOT_FOUND = -5;
    private static final int OUT_OF_RANGE = -8;

    /** Headers' time in seconds; moves on by a second with each block. */
    public long seconds = 1_750_000_000L;

    /** What the node calls its first block. */
    public String genesis = "530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9";

    public final ScriptedNode node = new ScriptedNode();
    private final List<BitcoinBlock> blocks = new ArrayList<>();
    private final Map<String, Bytes> waiting = new LinkedHashMap<>();
    private final Set<Bytes> hidden = new HashSet<>();
    private int coins;

    public ScriptedLitecoin() {
        node.on("getblockcount", params -> blocks.size())
                .on("getblockhash", params -> hash(params.path(0).asLong()))
                .on("getblock", params -> block(params.path(0).asText()))
                .on("getrawmempool", params -> List.copyOf(waiting.keySet()))
                .on("getrawtransaction", this::transaction)
                .on(
                        "sendrawtransaction",
                        params -> accept(Bytes.hex(params.path(0).asText())))
                .on("estimatesmartfee", params -> Map.of("errors", List.of("no data"), "blocks", 6));
    }

    public BitcoinRpc rpc() {
        return new BitcoinRpc(node.rpc(), ChainProfiles.LITECOIN_REGTEST);
    }

    public long height() {
        return blocks.size();
    }

    public Bytes blockHash(long height) {
        return blocks.get((int) height - 1).header().hash();
    }

    private String hash(long height) {
        if (height < 0 || height > blocks.size()) {
            throw new NodeError(OUT_OF_RANGE, "Block height out of range");
        }
        return height == 0 ? genesis : blockHash(height).reversed().toHex();
    }

    private String block(String hash) {
        BitcoinBlock found = blocks.stream()
                .filter(b -> b.header().hash().reversed().toHex().equals(hash))
                .filter(b -> !hidden.contains(b.header().hash()))
                .findFirst()
                .orElseThrow(() -> new NodeError(NOT_FOUND, "Block not found"));
        Writer wire =
                new Writer().fixed(found.header().raw()).u8(found.transactions().size());
        found.transactions().forEach(t -> wire.fixed(t.encode()));
        return wire.toBytes().toHex();
    }

    private String transaction(JsonNode params) {
        Bytes raw = waiting.get(params.path(0).asText());
        if (raw == null) {
            throw new NodeError(NOT_FOUND, "No such mempool transaction");
        }
        return raw.toHex();
    }

    private String accept(Bytes raw) {
        BitcoinTransaction transaction = BitcoinTransaction.decode(raw);
        await(transaction);
        return transaction.displayTxid();
    }

    /** Puts a transaction into the mempool. */
    public void await(BitcoinTransaction transaction) {
        waiting.put(transaction.displayTxid(), transaction.encode());
    }

    /** Puts bytes into the mempool that no client of this project can read. */
    public void awaitUnreadable(Bytes txid) {
        waiting.put(txid.reversed().toHex(), Bytes.hex("00"));
    }

    /** Pays these outputs from somewhere. */
    public BitcoinTransaction payment(TxOutput... outputs) {
        return spend(new OutPoint(Hashes.sha256(Bytes.utf8("coin " + coins++)), 0), outputs);
    }

    public static BitcoinTransaction spend(OutPoint coin, TxOutput... outputs) {
        return new BitcoinTransaction(
                2, List.of(new TxInput(coin, Bytes.EMPTY, FINAL, List.of())), List.of(outputs), 0);
    }

    /** A block with these transactions behind its coinbase; they wait no longer. */
    public long mine(BitcoinTransaction... transactions) {
        List<BitcoinTransaction> all = new ArrayList<>(List.of(coinbase()));
        for (BitcoinTransaction transaction : transactions) {
            all.add(transaction);
            waiting.remove(transaction.displayTxid());
        }
        blocks.add(worked(all));
        seconds++;
        return height();
    }

    public void mineEmpty(int count) {
        for (int i = 0; i < count; i++) {
            mine();
        }
    }

    /** A block with everything that waits. */
    public long mineWaiting() {
        return mine(waiting.values().stream().map(BitcoinTransaction::decode).toArray(BitcoinTransaction[]::new));
    }

    /** An output script that nobody watches. */
    public Bytes somebody() {
        return Bytes.concat(Bytes.of((byte) 0, (byte) 20), Bytes.zeros(20));
    }

    /** From now on the node does not find the block of this height when it is asked for it by its hash. */
    public void hide(long height) {
        hidden.add(blockHash(height));
    }

    /** Takes the highest blocks away. */
    public void forget(int count) {
        for (int i = 0; i < count; i++) {
            blocks.removeLast();
        }
    }

    private BitcoinTransaction coinbase() {
        Bytes script = new Writer().u8(8).u32(height() + 1).u32(coins++).toBytes();
        TxInput input = new TxInput(new OutPoint(Bytes.zeros(32), FINAL), script, FINAL, List.of());
        TxOutput reward = new TxOutput(5_000_000_000L, somebody());
        return new BitcoinTransaction(1, List.of(input), List.of(reward), 0);
    }

    private BitcoinBlock worked(List<BitcoinTransaction> transactions) {
        Bytes root = root(transactions.stream().map(BitcoinTransaction::txid).toList());
        Bytes parent =
                blocks.isEmpty() ? Bytes.zeros(32) : blocks.getLast().header().hash();
        for (int nonce = 0; ; nonce++) {
            ByteBuffer raw = ByteBuffer.allocate(BitcoinHeader.LENGTH).order(ByteOrder.LITTLE_ENDIAN);
            raw.putInt(4).put(parent.toArray()).put(root.toArray());
            raw.putInt((int) seconds).putInt(EASIEST).putInt(nonce);
            BitcoinHeader header = new BitcoinHeader(Bytes.of(raw.array()));
            if (header.hasWork(ChainProfiles.LITECOIN_REGTEST)) {
                Writer wire = new Writer().fixed(header.raw()).u8(transactions.size());
                transactions.forEach(t -> wire.fixed(t.encode()));
                return BitcoinBlock.decode(wire.toBytes());
            }
        }
    }

    private static Bytes root(List<Bytes> level) {
        if (level.size() == 1) {
            return level.getFirst();
        }
        List<Bytes> parents = new ArrayList<>();
        for (int i = 0; i < level.size(); i += 2) {
            parents.add(Hashes.doubleSha256(level.get(i), level.get(Math.min(i + 1, level.size() - 1))));
        }
        return root(parents);
    }

    @Override
    public void close() {
        node.close();
    }
}
