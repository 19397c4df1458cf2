package io.cloister.multichain.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.codec.Bytes;
import io.cloister.multichain.rpc.RpcException.Reason;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * JSON-RPC over HTTP/1.1 to one or several nodes of the same chain. With several, an answer counts when {@code
 * agreement} of them give the same one. Safe for use by several threads.
 */
public final class JsonRpc implements AutoCloseable {
    /** Longest answer that is read: a full block in hexadecimal and some room. */
    private static final long MAX_ANSWER = 32L << 20;

    private static final int MAX_ERROR_TEXT = 300;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
    private final AtomicLong ids = new AtomicLong();
    private final List<Endpoint> endpoints;
    private final int agreement;
    private final Duration deadline;

    /** @param deadline of each call that names none */
    public JsonRpc(List<Endpoint> endpoints, int agreement, Duration deadline) {
        if (agreement < 1 || agreement > endpoints.size()) {
            throw new IllegalArgumentException("agreement: 1 to the number of endpoints");
        }
        this.endpoints = List.copyOf(endpoints);
        this.agreement = agreement;
        this.deadline = deadline;
    }

    /** One endpoint, ten seconds a call. */
    public static JsonRpc of(Endpoint endpoint) {
        return new JsonRpc(List.of(endpoint), 1, Duration.ofSeconds(10));
    }

    /** What one endpoint said: an answer or a failure. */
    private record Reply(JsonNode answer, List<RpcException> failure) {
        static Reply of(CompletableFuture<JsonNode> pending) {
            try {
                return new Reply(await(pending), List.of());
            } catch (RpcException e) {
                return new Reply(JsonNodeFactory.instance.nullNode(), List.of(e));
            }
        }
    }

    /**
     * The agreed answer.
     *
     * @param params text, Boolean, Integer, Long, BigDecimal, JsonNode or lists of these
     * @throws RpcException when there is none
     */
    public JsonNode call(String method, Object... params) {
        return call(deadline, method, params);
    }

    /** The same within a deadline of its own. */
    public JsonNode call(Duration within, String method, Object... params) {
        if (endpoints.size() == 1) {
            return await(ask(endpoints.getFirst(), within, method, params));
        }
        Map<JsonNode, Integer> votes = new LinkedHashMap<>();
        Map<Long, Integer> errorVotes = new LinkedHashMap<>();
        List<RpcException> failures = new ArrayList<>();
        for (Reply reply : askAll(within, method, params)) {
            if (reply.failure().isEmpty()) {
                if (votes.merge(reply.answer(), 1, Integer::sum) >= agreement) {
                    return reply.answer();
                }
            } else {
                RpcException failure = reply.failure().getFirst();
                failures.add(failure);
                if (failure.code().isPresent()
                        && errorVotes.merge(failure.code().getAsLong(), 1, Integer::sum) >= agreement) {
                    throw failure;
                }
            }
        }
        if (endpoints.size() - failures.size() < agreement) {
            throw failures.getFirst();
        }
        throw new RpcException(
                Reason.DISAGREEMENT, method + ": no " + agreement + " of " + endpoints.size() + " endpoints agree");
    }

    /** The answers of all endpoints that gave one; at least {@code agreement} of them. */
    List<JsonNode> answers(String method, Object... params) {
        List<JsonNode> answers = new ArrayList<>();
        List<RpcException> failures = new ArrayList<>();
        for (Reply reply : askAll(deadline, method, params)) {
            if (reply.failure().isEmpty()) {
                answers.add(reply.answer());
            }
            failures.addAll(reply.failure());
        }
        if (answers.size() < agreement) {
            throw failures.getFirst();
        }
        return answers;
    }

    /** Says it to all endpoints; one that takes it is enough. */
    JsonNode tell(String method, Object... params) {
        List<RpcException> failures = new ArrayList<>();
        for (Reply reply : askAll(deadline, method, params)) {
            if (reply.failure().isEmpty()) {
                return reply.answer();
            }
            failures.addAll(reply.failure());
        }
        throw failures.stream()
                .filter(failure -> failure.reason() == Reason.ERROR_ANSWER)
                .findFirst()
                .orElseGet(failures::getFirst);
    }

    /** How many endpoints have to be right about a tip. */
    int agreement() {
        return agreement;
    }

    private List<Reply> askAll(Duration within, String method, Object... params) {
        List<CompletableFuture<JsonNode>> pending = endpoints.stream()
                .map(endpoint -> ask(endpoint, within, method, params))
                .toList();
        return pending.stream().map(Reply::of).toList();
    }

    private static JsonNode await(CompletableFuture<JsonNode> pending) {
        try {
            return pending.get();
        } catch (InterruptedException e) {
            pending.cancel(true);
            Thread.currentThread().interrupt();
            throw new RpcException(Reason.UNREACHABLE, "interrupted", e);
        } catch (ExecutionException e) {
            throw translate(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    private static RpcException translate(Throwable failure) {
        return switch (failure) {
            case RpcException typed -> typed;
            case CompletionException wrapped when wrapped.getCause() != null -> translate(wrapped.getCause());
            case HttpTimeoutException late -> new RpcException(Reason.TIMEOUT, "no answer in time", late);
            case TimeoutException late -> new RpcException(Reason.TIMEOUT, "no answer in time", late);
            case IOException broken -> new RpcException(Reason.UNREACHABLE, "no connection: " + broken, broken);
            default -> new RpcException(Reason.UNREACHABLE, failure.toString(), failure);
        };
    }

    private CompletableFuture<JsonNode> ask(Endpoint endpoint, Duration within, String method, Object... params) {
        long id = ids.incrementAndGet();
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("jsonrpc", "2.0").put("id", id).put("method", method).set("params", array(List.of(params)));
        HttpRequest.Builder builder = HttpRequest.newBuilder(endpoint.uri())
                .timeout(within)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(request)));
        endpoint.authorization().ifPresent(value -> builder.header("Authorization", value));
        return client.sendAsync(builder.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER))
                .thenApply(response -> answer(endpoint, method, id, response))
                .orTimeout(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static JsonNode answer(Endpoint endpoint, String method, long id, HttpResponse<byte[]> response) {
        int status = response.statusCode();
        boolean json = response.body().length > 0 && response.body()[0] == '{';
        if (status != 200 && !json) {
            throw new RpcException(Reason.HTTP_STATUS, endpoint + " answers " + status + " to " + method);
        }
        JsonNode body = Json.parse(response.body());
        JsonNode error = body.path("error");
        if (error.isObject()) {
            String text = method + ": " + error.path("message").asText("");
            throw RpcException.answered(
                    error.path("code").asLong(),
                    text.substring(0, Math.min(text.length(), MAX_ERROR_TEXT)),
                    revertData(error.path("data")));
        }
        if (!body.path("id").isIntegralNumber() || body.path("id").asLong() != id || !body.has("result")) {
            throw new RpcException(Reason.MALFORMED, endpoint + " answers " + method + " without result or id");
        }
        return body.get("result");
    }

    private static Bytes revertData(JsonNode data) {
        boolean hexadecimal = data.isTextual() && data.textValue().matches("0x([0-9a-fA-F]{2}){1,4096}");
        return hexadecimal ? Bytes.hex(data.textValue()) : Bytes.EMPTY;
    }

    private static ArrayNode array(List<?> values) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Object value : values) {
            array.add(node(value));
        }
        return array;
    }

    private static JsonNode node(Object value) {
        JsonNodeFactory factory = JsonNodeFactory.instance;
        return switch (value) {
            case String text -> factory.textNode(text);
            case Boolean flag -> factory.booleanNode(flag);
            case Integer number -> factory.numberNode(number);
            case Long number -> factory.numberNode(number);
            case BigDecimal number -> factory.numberNode(number);
            case JsonNode ready -> ready;
            case List<?> list -> array(list);
            default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
        };
    }

    /** Ends all connections. */
    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
