package io.cloister.multichain.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A chain node that answers each method as a test says, and notes what it was asked. */
public final class ScriptedNode implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpServer server;
    private final JsonRpc rpc;
    private final Map<String, Function<JsonNode, Object>> methods = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** What a method throws to answer with an error of the node's own. */
    public static final class NodeError extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int code;

        public NodeError(int code, String message) {
            super(message);
            this.code = code;
        }
    }

    public ScriptedNode() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
        rpc = JsonRpc.of(
                Endpoint.parse("http://127.0.0.1:" + server.getAddress().getPort()));
    }

    /** @param answer of the parameters; null is a null result */
    public ScriptedNode on(String method, Function<JsonNode, Object> answer) {
        methods.put(method, answer);
        return this;
    }

    public JsonRpc rpc() {
        return rpc;
    }

    /** How often a method has been asked since the last {@link #forgetQuestions}. */
    public long count(String method) {
        return asked.stream().filter(method::equals).count();
    }

    public void forgetQuestions() {
        asked.clear();
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode request = MAPPER.readTree(exchange.getRequestBody().readAllBytes());
        String method = request.path("method").asText();
        asked.add(method);
        var reply = MAPPER.createObjectNode();
        reply.set("id", request.path("id"));
        try {
            Function<JsonNode, Object> known = methods.get(method);
            if (known == null) {
                throw new NodeError(-32601, "no method " + method);
            }
            reply.set("result", MAPPER.valueToTree(known.apply(request.path("params"))));
        } catch (NodeError e) {
            reply.putObject("error").put("code", e.code).put("message", e.getMessage());
        }
        byte[] body = MAPPER.writeValueAsBytes(reply);
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        rpc.close();
        server.stop(0);
    }
}
