package io.cloister.api;

import io.cloister.api.Feed.Filter;
import io.cloister.api.Feed.Message;
import io.cloister.bridge.EventHub;
import io.cloister.codec.Bytes;
import io.cloister.ledger.Ledger;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The node's news as server-sent events. */
@Path("events")
@ApplicationScoped
public class EventResource {
    static final int MAX_SUBSCRIBERS = 100;
    private static final int RETRY_SECONDS = 10;

    /** Who takes no event for so long is cut off. */
    private static final int WRITE_SECONDS = 30;

    private final Semaphore places = new Semaphore(MAX_SUBSCRIBERS);
    private final Set<Thread> writers = ConcurrentHashMap.newKeySet();

    @Inject
    private NodeServices node;

    /** Only what a stream would begin with; without this method the server would open one and never end it. */
    @HEAD
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Response describeEvents() {
        Ready.require(node, node.events());
        return Response.ok().type(MediaType.SERVER_SENT_EVENTS_TYPE).build();
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public void streamEvents(
            @QueryParam("gateway") @Nullable String gateway,
            @QueryParam("transfer") @Nullable String transfer,
            @HeaderParam("Last-Event-ID") @Nullable String lastEventId,
            @Context SseEventSink sink,
            @Context Sse sse) {
        Filter filter = new Filter(hash("gateway", gateway), hash("transfer", transfer));
        EventHub hub = Ready.require(node, node.events());
        Ledger ledger = Ready.require(node, node.ledger());
        Feed feed = new Feed(ledger::state, Chain.of(node)::timeMillis);
        long after = after(lastEventId, hub.lastId());
        if (!places.tryAcquire()) {
            throw ApiException.tooMany(RETRY_SECONDS);
        }
        Subscriber subscriber;
        try {
            subscriber = new Subscriber(hub, after, feed, filter, new SinkOutput(sink, sse), places::release);
        } catch (IllegalStateException e) {
            places.release();
            throw ApiException.tooMany(RETRY_SECONDS);
        }
        Thread writer = Thread.ofVirtual().name("events-writer").unstarted(() -> {
            try {
                subscriber.run();
            } finally {
                writers.remove(Thread.currentThread());
            }
        });
        writers.add(writer);
        writer.start();
    }

    @PreDestroy
    void close() {
        writers.forEach(Thread::interrupt);
    }

    private static Optional<Bytes> hash(String field, @Nullable String text) {
        return Optional.ofNullable(text).map(t -> Input.hash(field, t));
    }

    /** Without an id only what comes from now on; an id of an earlier boot that is ahead of ours gives all that is kept. */
    static long after(@Nullable String lastEventId, long newest) {
        if (lastEventId == null) {
            return newest;
        }
        long id = Input.number("Last-Event-ID", lastEventId);
        return id > newest ? 0 : id;
    }

    /** A stream of the server's. */
    private record SinkOutput(SseEventSink sink, Sse sse) implements Subscriber.Output {
        @Override
        public void send(Message message) throws Exception {
            write(sse.newEventBuilder()
                    .id(Long.toString(message.id()))
                    .name(message.name())
                    .data(String.class, message.data().toString())
                    .build());
        }

        @Override
        public void comment(String text) throws Exception {
            write(sse.newEventBuilder().comment(text).build());
        }

        private void write(OutboundSseEvent event) throws Exception {
            sink.send(event).toCompletableFuture().get(WRITE_SECONDS, TimeUnit.SECONDS);
        }

        @Override
        public boolean isOpen() {
            return !sink.isClosed();
        }

        @Override
        public void close() {
            sink.close();
        }
    }
}
