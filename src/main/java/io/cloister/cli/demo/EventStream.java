package io.cloister.cli.demo;

import io.cloister.cli.NodeClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The server-sent events of a node about one gateway. */
final class EventStream implements AutoCloseable {
    private final HttpResponse<Stream<String>> response;
    private final Thread reader;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    /** One event: its name and its JSON. */
    record Event(String name, String data) {}

    private EventStream(HttpResponse<Stream<String>> response) {
        this.response = response;
        this.reader = Thread.ofVirtual().name("events").unstarted(this::read);
    }

    static EventStream open(NodeClient node, String query) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.uri() + "/v1/events?" + query))
                .header("Accept", "text/event-stream")
                .build();
        HttpResponse<Stream<String>> response = node.http().send(request, HttpResponse.BodyHandlers.ofLines());
        CheckFailed.unless(response.statusCode() == 200, "the event stream answers " + response.statusCode());
        EventStream stream = new EventStream(response);
        stream.reader.start();
        return stream;
    }

    private void read() {
        try (Stream<String> lines = response.body()) {
            String name = "";
            for (String line : (Iterable<String>) lines::iterator) {
                if (line.startsWith("event:")) {
                    name = line.substring(6).strip();
                } else if (line.startsWith("data:")) {
                    events.add(new Event(name, line.substring(5).strip()));
                }
            }
        } catch (RuntimeException e) {
            events.add(new Event("closed", String.valueOf(e.getMessage())));
        }
    }

    /** The next event; empty when none comes in time. */
    Optional<Event> next(long millis) throws InterruptedException {
        return Optional.ofNullable(events.poll(millis, TimeUnit.MILLISECONDS));
    }

    @Override
    public void close() {
        reader.interrupt();
        response.body().close();
    }
}
