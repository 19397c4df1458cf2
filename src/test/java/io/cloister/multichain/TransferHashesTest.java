package io.cloister.multichain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.codec.Bytes;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class TransferHashesTest {

    @Test
    void computesThePublishedHashes() {
        JsonNode hashes = Vectors.json("ren/hashes.json");
        JsonNode payload = hashes.path("pHash").get(0);
        assertThat(TransferHashes.payloadHash(hex(payload, "payload"))).isEqualTo(hex(payload, "hash"));
        JsonNode selector = hashes.path("sHash").get(0);
        assertThat(TransferHashes.selectorHash("BTC", ChainProfiles.ETHEREUM)).isEqualTo(hex(selector, "hash"));
        JsonNode deposit = hashes.path("nHash").get(0);
        assertThat(TransferHashes.depositHash(
                        hex(deposit, "nonce"),
                        hex(deposit, "txid"),
                        deposit.path("txindex").asLong()))
                .isEqualTo(hex(deposit, "hash"));
    }

    @Test
    void computesTheHashesOfARealTransfer() {
        JsonNode in = Vectors.json("ren/transactions_complete.json").get(0).at("/tx/tx/in/v");
        Bytes payloadHash = TransferHashes.payloadHash(base64(in, "payload"));
        assertThat(payloadHash).isEqualTo(base64(in, "phash"));
        Bytes selectorHash = TransferHashes.selectorHash("LUNA", ChainProfiles.ETHEREUM);
        Bytes to = Bytes.hex(in.path("to").asText());
        assertThat(TransferHashes.gatewayHash(payloadHash, selectorHash, to, base64(in, "nonce")))
                .isEqualTo(base64(in, "ghash"));
        assertThat(TransferHashes.depositHash(base64(in, "nonce"), base64(in, "txid"), 0))
                .isEqualTo(base64(in, "nhash"));
    }

    @Test
    void hasAHashForTheEmptyPayload() {
        assertThat(TransferHashes.payloadHash(Bytes.EMPTY).toHex())
                .isEqualTo("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    }

    @Test
    void refusesANonceOfAnotherLength() {
        assertThatThrownBy(() -> TransferHashes.depositHash(Bytes.zeros(31), Bytes.zeros(32), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Bytes hex(JsonNode node, String field) {
        return Bytes.hex(node.path(field).asText());
    }

    private static Bytes base64(JsonNode node, String field) {
        return Bytes.wrap(Base64.getUrlDecoder().decode(node.path(field).asText()));
    }
}
