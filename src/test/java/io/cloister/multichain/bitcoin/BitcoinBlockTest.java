package io.cloister.multichain.bitcoin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.codec.Bytes;
import io.cloister.multichain.ChainProfiles;
import io.cloister.multichain.ProofRefused;
import io.cloister.multichain.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BitcoinBlockTest {

    @ParameterizedTest
    @ValueSource(ints = {169482, 227835, 227836, 481815, 481829})
    void provesTransactionsOfRealBlocks(int height) {
        BitcoinBlock block = BitcoinBlock.decode(Vectors.file("multichain/bitcoin/blocks/block" + height + ".dat"));
        assertThat(block.header().hasWork(ChainProfiles.BITCOIN)).isTrue();
        int step = Math.max(1, block.txids().size() / 25);
        for (int i = 1; i < block.txids().size(); i += step) {
            SpvProof.Proven proven =
                    block.proof(i).check(ChainProfiles.BITCOIN, block.header().hash());
            assertThat(proven.txid()).isEqualTo(block.txids().get(i));
        }
    }

    @Test
    void followsRealChainsOfHeaders() {
        JsonNode run = Vectors.json("multichain/spv/tbtc-longHeaders.json").path("chain");
        List<BitcoinHeader> headers = new ArrayList<>();
        run.forEach(
                node -> headers.add(new BitcoinHeader(Bytes.hex(node.path("hex").asText()))));
        assertThat(headers).hasSizeGreaterThan(150);
        for (int i = 0; i < headers.size(); i++) {
            assertThat(headers.get(i).hasWork(ChainProfiles.BITCOIN)).isTrue();
            if (i > 0) {
                assertThat(headers.get(i).parent()).isEqualTo(headers.get(i - 1).hash());
            }
        }
    }

    @Test
    void readsTargetsAndRefusesHeadersWithoutWork() {
        JsonNode vectors = Vectors.json("multichain/spv/bitcoin-spv-testVectors.json");
        JsonNode first = vectors.path("extractTarget").get(0);
        BitcoinHeader header = new BitcoinHeader(hex(first, "input"));
        assertThat(header.target().orElseThrow().toString(16))
                .isEqualTo(hex(first, "output").toHex().replaceFirst("^0+", ""));
        assertThat(header.hasWork(ChainProfiles.BITCOIN)).isTrue();
        assertThat(header.hasWork(ChainProfiles.LITECOIN))
                .as("another work function")
                .isFalse();
        for (String bits : List.of("000000ff", "ffff8020", "01003456", "ffff7f20", "ffff00ff", "00ffff1e")) {
            Bytes raw = Bytes.concat(
                    header.raw().slice(0, 72), Bytes.hex(bits), header.raw().slice(76, 4));
            assertThat(new BitcoinHeader(raw).hasWork(ChainProfiles.BITCOIN))
                    .as(bits)
                    .isFalse();
        }
    }

    @Test
    void answersMerklePathsAsThePublishedVectorsDo() {
        AtomicInteger checked = new AtomicInteger();
        JsonNode vectors = Vectors.json("multichain/spv/bitcoin-spv-testVectors.json");
        for (JsonNode test : vectors.path("verifyHash256Merkle")) {
            Bytes path = hex(test.path("input"), "proof");
            if (path.length() >= 96 && path.length() % 32 == 0) {
                List<Bytes> nodes = new ArrayList<>();
                for (int at = 0; at < path.length(); at += 32) {
                    nodes.add(path.slice(at, 32));
                }
                MerkleBranch branch =
                        new MerkleBranch(test.path("input").path("index").asLong(), nodes.subList(1, nodes.size() - 1));
                assertThat(leads(branch, nodes.getFirst(), nodes.getLast()))
                        .isEqualTo(test.path("output").asBoolean()
                                && branch.index() < 1L << branch.siblings().size());
                checked.incrementAndGet();
            }
        }
        assertThat(checked).hasValueGreaterThan(3);
    }

    private static boolean leads(MerkleBranch branch, Bytes leaf, Bytes root) {
        try {
            return branch.fold(leaf).equals(root);
        } catch (ProofRefused e) {
            return false;
        }
    }

    private static Bytes hex(JsonNode node, String field) {
        return Bytes.hex(node.path(field).asText());
    }
}
