package io.cloister.codec.ethereum;

import static io.cloister.codec.ethereum.MerklePatriciaTrieTest.hex;
import static io.cloister.codec.ethereum.MerklePatriciaTrieTest.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Vectors;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class BlockTest {
    @Test
    void hashesHeadersOfMainnetAndOfPragueAnvil() {
        JsonNode mainnet = Vectors.json("multichain/ethereum/rpc/block.json");
        JsonNode anvil = Vectors.json("multichain/ethereum/anvil-proof-mint-eip712.json");
        for (JsonNode block : List.of(mainnet, anvil.get("proofBlock"), anvil.get("mintBlock"))) {
            BlockHeader header = header(block);
            assertThat(header.hash()).isEqualTo(hex(block, "hash"));
            assertThat(BlockHeader.decode(header.encode())).isEqualTo(header);
        }
        assertThat(header(anvil.get("mintBlock")).requestsHash()).isPresent();
    }

    @Test
    void refusesHeadersOfAnotherShape() {
        BlockHeader header = header(Vectors.json("multichain/ethereum/rpc/block.json"));
        List<Rlp.Item> fields = new ArrayList<>(Rlp.decode(header.encode()).asList());
        assertThatThrownBy(() -> BlockHeader.decode(Rlp.encode(Rlp.list(fields.subList(0, 14)))))
                .isInstanceOf(CodecException.class);
        List<Rlp.Item> more = new ArrayList<>(fields);
        while (more.size() < 22) {
            more.add(Rlp.text(Bytes.zeros(32)));
        }
        assertThatThrownBy(() -> BlockHeader.decode(Rlp.encode(Rlp.list(more)))).isInstanceOf(CodecException.class);
        fields.set(0, Rlp.text(Bytes.zeros(31)));
        assertThatThrownBy(() -> BlockHeader.decode(Rlp.encode(Rlp.list(fields))))
                .isInstanceOf(CodecException.class);
    }

    @Test
    void rebuildsTheReceiptsRootOfMainnet() {
        Bytes root = hex(Vectors.json("multichain/ethereum/rpc/block.json"), "receiptsRoot");
        Map<Bytes, Bytes> trie = new HashMap<>();
        int index = 0;
        for (JsonNode node : Vectors.json("multichain/ethereum/rpc/receipts.json")) {
            Receipt receipt = receipt(node);
            assertThat(receipt.bloom()).isEqualTo(hex(node, "logsBloom"));
            assertThat(Receipt.decode(receipt.encode())).isEqualTo(receipt);
            trie.put(Rlp.encode(Rlp.number(index++)), receipt.encode());
        }
        assertThat(index).isEqualTo(202);
        assertThat(MerklePatriciaTrie.root(trie)).isEqualTo(root);
        for (int i = 0; i < index; i += 17) {
            Bytes key = Rlp.encode(Rlp.number(i));
            assertThat(MerklePatriciaTrie.verify(root, key, MerklePatriciaTrie.proof(trie, key)))
                    .contains(trie.get(key));
        }
    }

    @Test
    void refusesReceiptsFromBeforeByzantiumAndOtherShapes() {
        Rlp.Item bloom = Rlp.text(Bytes.zeros(256));
        Bytes old = Rlp.encode(Rlp.list(Rlp.text(Bytes.zeros(32)), Rlp.number(1), bloom, Rlp.list()));
        Bytes status = Rlp.encode(Rlp.list(Rlp.number(2), Rlp.number(1), bloom, Rlp.list()));
        Bytes zeroEnvelope =
                Bytes.concat(Bytes.zeros(1), Receipt.of(0, true, 1, List.of()).encode());
        for (Bytes wrong : List.of(Bytes.EMPTY, old, status, zeroEnvelope, Bytes.hex("02"), Bytes.hex("c0"))) {
            assertThatThrownBy(() -> Receipt.decode(wrong)).isInstanceOf(CodecException.class);
        }
    }

    private static Receipt receipt(JsonNode node) {
        List<Log> logs = StreamSupport.stream(node.get("logs").spliterator(), false)
                .map(log -> new Log(
                        hex(log, "address"),
                        StreamSupport.stream(log.get("topics").spliterator(), false)
                                .map(topic -> Bytes.hex(topic.asText()))
                                .toList(),
                        hex(log, "data")))
                .toList();
        return Receipt.of(
                number(node.get("type")).intValueExact(),
                number(node.get("status")).signum() == 1,
                number(node.get("cumulativeGasUsed")).longValueExact(),
                logs);
    }

    private static BlockHeader header(JsonNode block) {
        return new BlockHeader(
                hex(block, "parentHash"),
                hex(block, "sha3Uncles"),
                hex(block, "miner"),
                hex(block, "stateRoot"),
                hex(block, "transactionsRoot"),
                hex(block, "receiptsRoot"),
                hex(block, "logsBloom"),
                number(block.get("difficulty")),
                number(block.get("number")).longValueExact(),
                number(block.get("gasLimit")).longValueExact(),
                number(block.get("gasUsed")).longValueExact(),
                number(block.get("timestamp")).longValueExact(),
                hex(block, "extraData"),
                hex(block, "mixHash"),
                hex(block, "nonce"),
                field(block, "baseFeePerGas").map(MerklePatriciaTrieTest::number),
                field(block, "withdrawalsRoot").map(BlockTest::bytes),
                field(block, "blobGasUsed").map(MerklePatriciaTrieTest::number).map(BigInteger::longValueExact),
                field(block, "excessBlobGas")
                        .map(MerklePatriciaTrieTest::number)
                        .map(BigInteger::longValueExact),
                field(block, "parentBeaconBlockRoot").map(BlockTest::bytes),
                field(block, "requestsHash").map(BlockTest::bytes));
    }

    private static Optional<JsonNode> field(JsonNode block, String name) {
        return Optional.ofNullable(block.get(name)).filter(node -> !node.isNull());
    }

    private static Bytes bytes(JsonNode node) {
        return Bytes.hex(node.asText());
    }
}
