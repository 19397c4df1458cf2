package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.codec.ethereum.BlockHeader;
import io.cloister.codec.ethereum.Log;
import io.cloister.codec.ethereum.MerklePatriciaTrie;
import io.cloister.codec.ethereum.Receipt;
import io.cloister.codec.ethereum.Rlp;
import io.cloister.multichain.ethereum.GatewayEvent;
import io.cloister.multichain.ethereum.ReceiptProof;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A chain of headers over real receipts. */
final class TestEthereum {
    private record Made(BlockHeader header, List<Receipt> receipts) {}

    private final List<Made> blocks = new ArrayList<>();

    long height() {
        return blocks.size();
    }

    Bytes hash(long height) {
        return blocks.get((int) height - 1).header().hash();
    }

    ReceiptProof proof(long height, int index) {
        Made made = blocks.get((int) height - 1);
        return ReceiptProof.of(made.header(), made.receipts(), index);
    }

    /** A block whose second transaction, the one of interest, has this outcome and these logs. */
    long mine(boolean success, Log... logs) {
        List<Receipt> receipts = List.of(
                Receipt.of(2, true, 21_000, List.of()),
                Receipt.of(2, success, 90_000, success ? List.of(logs) : List.of()),
                Receipt.of(0, true, 120_000, List.of()));
        Map<Bytes, Bytes> trie = new HashMap<>();
        for (int i = 0; i < receipts.size(); i++) {
            trie.put(Rlp.encode(Rlp.number(i)), receipts.get(i).encode());
        }
        Bytes parent =
                blocks.isEmpty() ? Bytes.zeros(32) : blocks.getLast().header().hash();
        blocks.add(new Made(header(parent, MerklePatriciaTrie.root(trie)), receipts));
        return height();
    }

    private BlockHeader header(Bytes parent, Bytes receiptsRoot) {
        return new BlockHeader(
                parent,
                Bytes.zeros(32),
                Bytes.zeros(20),
                Bytes.zeros(32),
                Bytes.zeros(32),
                receiptsRoot,
                Bytes.zeros(256),
                BigInteger.ZERO,
                height() + 1,
                30_000_000,
                120_000,
                1_700_000_000 + height(),
                Bytes.EMPTY,
                Bytes.zeros(32),
                Bytes.zeros(8),
                Optional.of(BigInteger.valueOf(7)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static Log burned(Bytes contract, Bytes recipient, BigInteger amount, long nonce) {
        List<Bytes> topics = List.of(
                GatewayEvent.BURNED,
                word(BigInteger.valueOf(nonce)),
                Bytes.hex("22".repeat(20)).padLeft(32));
        Bytes padding = Bytes.zeros(Math.floorMod(-recipient.length(), 32));
        Bytes data = Bytes.concat(
                word(BigInteger.valueOf(64)),
                word(amount),
                word(BigInteger.valueOf(recipient.length())),
                recipient,
                padding);
        return new Log(contract, topics, data);
    }

    private static Bytes word(BigInteger value) {
        return new Writer().bigUint(value, 32).toBytes();
    }
}
