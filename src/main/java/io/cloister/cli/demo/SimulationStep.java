package io.cloister.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.cli.NodeClient;
import io.cloister.cli.NodeClient.Attested;
import io.cloister.cli.Policies;
import io.cloister.client.model.HpkeKey;
import io.cloister.codec.Bytes;
import io.cloister.evm.exchange.Exchange;
import io.cloister.evm.exchange.SignedResult;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The private simulation of a transfer: evidence first, then a sealed request and a sealed, signed answer. */
final class SimulationStep implements Step {
    private static final String REQUEST =
            "{\"sender\":\"0xdafea492d9c6733ae3d56b7ed1adb60692c98bc5\",\"amount\":\"0x2a\"}";
    private static final String CALLER = "0x4838b106fce9647bdf1e7877bf73ce8b0bad5f97";
    private static final String CREDITED = "0xdafea492d9c6733ae3d56b7ed1adb60692c98bc5";
    private static final String COINBASE = "0x0000000000000000000000000000000000000000";
    private static final String SEALED = "application/vnd.cloister.hpke";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public String title() {
        return "a private simulation";
    }

    @Override
    public void run(Demo demo, Progress progress) throws Exception {
        NodeClient node = demo.node(0);
        Attested attested = node.attest(Policies.read(demo.policyFile()));
        CheckFailed.unless(
                attested.verdict().accepted(),
                "evidence is refused: " + attested.verdict().summary());
        HpkeKey key = node.evm().getEvmKey();
        Bytes publicKey = Bytes.hex(key.getPublicKey());
        CheckFailed.unless(
                publicKey.equals(attested.evidence().keys().hpkeKey32()), "the evidence binds another HPKE key");
        progress.checked("the node's evidence for a fresh nonce binds the HPKE key and this TLS connection");
        String chainId = attested.evidence().keys().chainId();
        try (Exchange exchange = Exchange.begin(publicKey, chainId, Bytes.utf8(REQUEST))) {
            HttpResponse<byte[]> response = post(node, key.getKeyId(), SEALED, exchange.request());
            CheckFailed.unless(response.statusCode() == 200, "the node answers " + response.statusCode());
            SignedResult result = exchange.open(Bytes.of(response.body()));
            CheckFailed.unless(
                    result.isSignedBy(attested.evidence().keys().resultKey33())
                            && result.requestHash().equals(exchange.requestHash())
                            && result.chainId().equals(chainId),
                    "the answer is not signed by the attested key over this request");
            CheckFailed.unless(
                    result.release().toHex().equals(attested.verdict().claims().get("report.measurement")),
                    "the answer names another release than the one attested");
            progress.checked(
                    "the answer came sealed, signed over request and result, state from the " + result.authority());
            checkResult(JSON.readTree(result.result().asUtf8()), progress);
        }
        HttpResponse<byte[]> clear = post(node, key.getKeyId(), "application/json", Bytes.utf8(REQUEST));
        CheckFailed.unless(clear.statusCode() == 415, "the request in clear is answered " + clear.statusCode());
        progress.checked("the same request in clear is answered 415");
    }

    private static HttpResponse<byte[]> post(NodeClient node, String keyId, String type, Bytes body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.uri() + "/v1/evm/simulations"))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", type)
                .header("Cloister-Key-Id", keyId)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toArray()))
                .build();
        return node.http().send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    private static void checkResult(JsonNode answer, Progress progress) {
        JsonNode success = answer.path("result").path("Success");
        boolean stopped = success.path("reason").asText().equals("Stop")
                && success.path("gas_used").asLong() == 21_000
                && success.path("gas_refunded").asLong(-1) == 0
                && success.path("logs").isArray()
                && success.path("logs").isEmpty();
        CheckFailed.unless(stopped, "the result is " + answer.path("result"));
        progress.checked("Success, Stop, gas_used 21000, gas_refunded 0, no logs");
        JsonNode state = answer.path("state");
        CheckFailed.unless(
                state.path(CALLER).path("info").path("balance").asText().equals("0x45")
                        && state.path(CALLER).path("info").path("nonce").asLong() == 1
                        && state.path(CREDITED)
                                .path("info")
                                .path("balance")
                                .asText()
                                .equals("0x2a")
                        && state.path(CREDITED).path("status").toString().contains("LoadedAsNotExisting")
                        && state.path(COINBASE).path("status").toString().contains("Touched"),
                "the state is " + state);
        progress.checked("0x4838...5f97 has 0x45 and nonce 1, 0xdafe...8bc5 has 0x2a and was loaded as not existing, "
                + "0x0 is touched");
    }
}
