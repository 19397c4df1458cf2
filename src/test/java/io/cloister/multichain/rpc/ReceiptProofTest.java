package io.cloister.multichain.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.codec.ethereum.BlockHeader;
import io.cloister.codec.ethereum.Receipt;
import io.cloister.multichain.ProofRefused;
import io.cloister.multichain.ProofRefused.Reason;
import io.cloister.multichain.Vectors;
import io.cloister.multichain.ethereum.ReceiptProof;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReceiptProofTest {
    private final JsonNode blockJson = Vectors.json("multichain/ethereum/rpc/block.json");
    private final BlockHeader header = HeaderJson.header(blockJson);
    private final List<Receipt> receipts = receipts();

    private static List<Receipt> receipts() {
        List<Receipt> receipts = new ArrayList<>();
        Vectors.json("multichain/ethereum/rpc/receipts.json").forEach(json -> receipts.add(HeaderJson.receipt(json)));
        return receipts;
    }

    @Test
    void provesReceiptsOfARealBlock() {
        assertThat(receipts).hasSize(202);
        for (int index : new int[] {0, 1, 57, 127, 128, 201}) {
            ReceiptProof proof = ReceiptProof.of(header, receipts, index);
            assertThat(decoded(encoded(proof))).isEqualTo(proof);
            assertThat(proof.check(header.hash()).receipt()).isEqualTo(receipts.get(index));
        }
        List<Bytes> published = new ArrayList<>();
        Vectors.json("multichain/ethereum/mainnet-0x14e8d38-receipt-57-proof.json")
                .path("proof")
                .forEach(node -> published.add(Bytes.hex(node.asText())));
        assertThat(ReceiptProof.of(header, receipts, 57).nodes()).isEqualTo(published);
    }

    @Test
    void namesTheRuleThatATamperedProofBreaks() {
        ReceiptProof good = ReceiptProof.of(header, receipts, 57);
        Bytes hash = header.hash();
        refuses(good, Bytes.zeros(32), Reason.WRONG_BLOCK);
        refuses(new ReceiptProof(Bytes.zeros(10), 57, good.nodes()), hash, Reason.RECEIPT_FORM);
        refuses(new ReceiptProof(good.header(), 58, good.nodes()), hash, Reason.ROOT);
        refuses(new ReceiptProof(good.header(), 57, good.nodes().subList(0, 2)), hash, Reason.ROOT);
        refuses(new ReceiptProof(good.header(), 57, List.of()), hash, Reason.ROOT);
        List<Receipt> fewer = receipts.subList(0, 201);
        assertThatThrownBy(() -> ReceiptProof.of(header, fewer, 57))
                .isInstanceOfSatisfying(
                        ProofRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.ROOT));
        ReceiptProof.Proven proven = good.check(hash);
        Bytes emitter = proven.receipt().logs().getFirst().address();
        refusesEvent(proven, Bytes.zeros(20), 0, Reason.EMITTER);
        refusesEvent(proven, emitter, 0, Reason.EVENT);
        refusesEvent(proven, emitter, proven.receipt().logs().size(), Reason.EVENT);
        refusesEvent(proven, emitter, -1, Reason.EVENT);
        int failed = firstFailed();
        refusesEvent(ReceiptProof.of(header, receipts, failed).check(hash), emitter, 0, Reason.FAILED_TRANSACTION);
    }

    private int firstFailed() {
        for (int i = 0; i < receipts.size(); i++) {
            if (!receipts.get(i).success()) {
                return i;
            }
        }
        throw new AssertionError("the block has no failed transaction");
    }

    @Test
    void refusesAProofWithAnyOtherByte() {
        Bytes encoded = encoded(ReceiptProof.of(header, receipts, 57));
        Random random = new Random(7);
        for (int i = 0; i < 1_000; i++) {
            byte[] changed = encoded.toArray();
            changed[random.nextInt(changed.length)] ^= (byte) (1 + random.nextInt(255));
            try {
                ReceiptProof proof = decoded(Bytes.wrap(changed));
                assertThatThrownBy(() -> proof.check(header.hash())).isInstanceOf(ProofRefused.class);
            } catch (CodecException e) {
                assertThat(e.reason()).isNotNull();
            }
        }
    }

    @Test
    void refusesAHeaderThatDoesNotHashToWhatTheNodeSays() {
        for (String field : List.of("receiptsRoot", "number", "baseFeePerGas")) {
            ObjectNode changed = blockJson.deepCopy();
            changed.put(field, field.equals("receiptsRoot") ? "0x" + "11".repeat(32) : "0x1");
            assertThatThrownBy(() -> HeaderJson.header(changed))
                    .isInstanceOfSatisfying(
                            RpcException.class,
                            refused -> assertThat(refused.reason()).isEqualTo(RpcException.Reason.UNVERIFIED));
        }
    }

    private static void refuses(ReceiptProof proof, Bytes blockHash, Reason reason) {
        assertThatThrownBy(() -> proof.check(blockHash))
                .isInstanceOfSatisfying(
                        ProofRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    private static void refusesEvent(ReceiptProof.Proven proven, Bytes emitter, int log, Reason reason) {
        assertThatThrownBy(() -> proven.event(emitter, log))
                .isInstanceOfSatisfying(
                        ProofRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    private static Bytes encoded(ReceiptProof proof) {
        Writer writer = new Writer();
        proof.encode(writer);
        return writer.toBytes();
    }

    private static ReceiptProof decoded(Bytes bytes) {
        Reader reader = new Reader(bytes);
        ReceiptProof proof = ReceiptProof.decode(reader);
        reader.end();
        return proof;
    }
}
