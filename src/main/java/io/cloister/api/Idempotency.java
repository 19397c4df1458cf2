package io.cloister.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The same key with the same body gives the same answer, without doing anything twice. What failed is forgotten, so it
 * can be tried again. Keeps the last {@value #MAX} keys of this boot.
 */
@ApplicationScoped
public class Idempotency {
    static final int MAX = 4_096;
    private static final int MAX_KEY = 128;
    private static final int PATIENCE_SECONDS = 20;

    private final Map<String, Once> entries = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Once> eldest) {
            return size() > MAX;
        }
    };

    private record Once(Bytes body, CompletableFuture<Answer> answer) {}

    /** What is answered again: a status and an entity, not a response, which can be sent only once. */
    record Answer(int status, Object entity) {
        Response response() {
            return Response.status(status).entity(entity).build();
        }
    }

    /**
     * @param operation sets the keys of different resources apart
     * @throws ApiException 409 {@code idempotency-key-reused} when the key came with another body before
     */
    Answer once(String operation, @Nullable String key, Object body, Supplier<Answer> work) {
        if (key == null) {
            return work.get();
        }
        String name = operation + " " + Input.text("Idempotency-Key", key, MAX_KEY);
        Once mine = new Once(digest(body), new CompletableFuture<>());
        Once known;
        synchronized (entries) {
            known = entries.putIfAbsent(name, mine);
        }
        if (known == null) {
            return first(name, mine, work);
        }
        if (!known.body().equals(mine.body())) {
            throw ApiException.conflict("idempotency-key-reused", "the key came with another body before");
        }
        return await(known);
    }

    private Answer first(String name, Once entry, Supplier<Answer> work) {
        try {
            Answer answer = work.get();
            entry.answer().complete(answer);
            return answer;
        } catch (RuntimeException e) {
            synchronized (entries) {
                entries.remove(name, entry);
            }
            entry.answer().completeExceptionally(e);
            throw e;
        }
    }

    private static Answer await(Once entry) {
        try {
            return entry.answer().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiException.unavailable("interrupted", "the node is being stopped");
        } catch (TimeoutException e) {
            throw ApiException.conflict("request-in-progress", "the first request with this key is still served");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ApiException problem) {
                throw problem;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static Bytes digest(Object body) {
        try {
            return Hashes.sha256(Bytes.wrap(JsonProvider.JSON.writeValueAsBytes(body)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
