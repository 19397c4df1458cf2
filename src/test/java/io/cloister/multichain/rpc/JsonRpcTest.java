package io.cloister.multichain.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.cloister.codec.Bytes;
import io.cloister.multichain.ChainProfiles;
import io.cloister.multichain.rpc.RpcException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JsonRpcTest {
    private final List<HttpServer> servers = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<JsonNode> seen = new ArrayList<>();
    private final List<String> credentials = new ArrayList<>();

    @AfterEach
    void stop() {
        end.countDown();
        servers.forEach(server -> server.stop(0));
        threads.close();
    }

    @Test
    void keepsEveryDigitOfNumbers() {
        JsonRpc rpc = rpc("{\"big\":123456789012345678901234567890,\"coins\":0.10000001,\"whole\":84000000}");
        JsonNode answer = rpc.call("m", "text", 7L, true, List.of("a"));
        assertThat(answer.get("big").bigIntegerValue()).isEqualTo(new BigInteger("123456789012345678901234567890"));
        assertThat(Json.units(answer.get("coins"))).isEqualTo(10_000_001L);
        assertThat(Json.units(answer.get("whole"))).isEqualTo(8_400_000_000_000_000L);
        assertThat(seen.getFirst().path("params").toString()).isEqualTo("[\"text\",7,true,[\"a\"]]");
        assertThatThrownBy(() -> Json.units(Json.parse("0.123456789".getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(RpcException.class);
    }

    @Test
    void refusesWhatIsNoAnswer() {
        for (String body : List.of(
                "",
                "[]",
                "{",
                "{\"jsonrpc\":\"2.0\",\"id\":999,\"result\":1}",
                "{\"jsonrpc\":\"2.0\",\"id\":1}",
                "{\"id\":1,\"id\":1,\"result\":1}",
                "{\"id\":1,\"result\":1} {}")) {
            JsonRpc rpc = JsonRpc.of(server(200, request -> body));
            failsWith(() -> rpc.call("m"), Reason.MALFORMED);
        }
        JsonRpc unauthorised = JsonRpc.of(server(401, request -> "no"));
        failsWith(() -> unauthorised.call("m"), Reason.HTTP_STATUS);
    }

    @Test
    void handsOnTheNodesOwnErrorWithItsData() {
        Endpoint endpoint = server(
                500,
                request -> "{\"id\":" + request.path("id") + ",\"result\":null,\"error\":{\"code\":-26,"
                        + "\"message\":\"" + "x".repeat(5_000) + "\",\"data\":\"0x08c379a0\"}}");
        JsonRpc rpc = JsonRpc.of(endpoint);
        assertThatThrownBy(() -> rpc.call("m")).isInstanceOfSatisfying(RpcException.class, failure -> {
            assertThat(failure.reason()).isEqualTo(Reason.ERROR_ANSWER);
            assertThat(failure.code()).hasValue(-26);
            assertThat(failure.data()).isEqualTo(Bytes.hex("08c379a0"));
            assertThat(failure.getMessage()).hasSizeLessThan(400);
        });
    }

    @Test
    void givesUpOnANodeThatIsGoneOrSilent() {
        JsonRpc gone = JsonRpc.of(Endpoint.parse("http://127.0.0.1:1/"));
        failsWith(() -> gone.call("m"), Reason.UNREACHABLE);
        JsonRpc silent = JsonRpc.of(server(200, request -> {
            await();
            return "";
        }));
        failsWith(() -> silent.call(Duration.ofMillis(200), "m"), Reason.TIMEOUT);
    }

    private void await() {
        try {
            end.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void stopsReadingAnAnswerThatDoesNotEnd() throws InterruptedException {
        HttpServer server = bind();
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, 0);
            byte[] chunk = new byte[1 << 20];
            try (OutputStream out = exchange.getResponseBody()) {
                for (int i = 0; i < 64; i++) {
                    out.write(chunk);
                }
            } catch (IOException e) {
                end.countDown();
            }
        });
        server.start();
        JsonRpc rpc = JsonRpc.of(endpoint(server, ""));
        failsWith(() -> rpc.call("m"), Reason.UNREACHABLE);
        assertThat(end.await(20, TimeUnit.SECONDS)).as("the server was cut off").isTrue();
    }

    @Test
    void needsAsManyEqualAnswersAsAreToAgree() {
        List<Endpoint> endpoints = List.of(answering("1"), answering("2"), answering("1"));
        assertThat(new JsonRpc(endpoints, 2, Duration.ofSeconds(5)).call("m").asInt())
                .isEqualTo(1);
        JsonRpc strict = new JsonRpc(endpoints, 3, Duration.ofSeconds(5));
        failsWith(() -> strict.call("m"), Reason.DISAGREEMENT);
        Endpoint gone = Endpoint.parse("http://127.0.0.1:1/");
        List<Endpoint> oneGone = List.of(gone, answering("5"), answering("5"));
        assertThat(new JsonRpc(oneGone, 2, Duration.ofSeconds(5)).call("m").asInt())
                .isEqualTo(5);
        assertThat(new JsonRpc(oneGone, 2, Duration.ofSeconds(5)).tell("m").asInt())
                .isEqualTo(5);
        JsonRpc lonely = new JsonRpc(List.of(gone, answering("5")), 2, Duration.ofSeconds(5));
        failsWith(() -> lonely.call("m"), Reason.UNREACHABLE);
        failsWith(() -> lonely.answers("m"), Reason.UNREACHABLE);
    }

    @Test
    void believesTheHeightThatEnoughEndpointsHaveReached() {
        List<Endpoint> endpoints = List.of(answering("900"), answering("100"), answering("101"));
        JsonRpc rpc = new JsonRpc(endpoints, 2, Duration.ofSeconds(5));
        assertThat(new BitcoinRpc(rpc, ChainProfiles.LITECOIN_REGTEST).blockCount())
                .isEqualTo(101);
    }

    @Test
    void sendsCredentialsAndNeverShowsThem() {
        HttpServer server = bind();
        respond(server, 200, request -> "{\"id\":" + request.path("id") + ",\"result\":1}");
        Endpoint endpoint = endpoint(server, "user:secret@");
        JsonRpc.of(endpoint).call("m");
        String basic = Base64.getEncoder().encodeToString("user:secret".getBytes(StandardCharsets.UTF_8));
        assertThat(credentials).containsExactly("Basic " + basic);
        assertThat(endpoint.toString()).doesNotContain("secret");
        for (String wrong : List.of("ftp://user:secret@host", "secret", "http://", "http://user:se cret@host")) {
            assertThatThrownBy(() -> Endpoint.parse(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("secret");
        }
    }

    private static void failsWith(Runnable call, Reason reason) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        RpcException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(reason));
    }

    private JsonRpc rpc(String result) {
        return JsonRpc.of(answering(result));
    }

    private Endpoint answering(String result) {
        return server(
                200, request -> "{\"jsonrpc\":\"2.0\",\"id\":" + request.path("id") + ",\"result\":" + result + "}");
    }

    private Endpoint server(int status, Function<JsonNode, String> answer) {
        HttpServer server = bind();
        respond(server, status, answer);
        return endpoint(server, "");
    }

    private static Endpoint endpoint(HttpServer server, String user) {
        return Endpoint.parse(
                "http://" + user + "127.0.0.1:" + server.getAddress().getPort());
    }

    private HttpServer bind() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            servers.add(server);
            return server;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void respond(HttpServer server, int status, Function<JsonNode, String> answer) {
        server.createContext("/", exchange -> {
            JsonNode request = Json.parse(exchange.getRequestBody().readAllBytes());
            synchronized (seen) {
                seen.add(request);
                String authorization = exchange.getRequestHeaders().getFirst("Authorization");
                if (authorization != null) {
                    credentials.add(authorization);
                }
            }
            write(exchange, status, answer.apply(request));
        });
        server.start();
    }

    private static void write(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
