package io.cloister.attestation.kds;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.cloister.attestation.Collateral;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that plays AMD's service and Azure's, well or badly, and notes what it was asked. */
final class FakeKds implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** What is done to an exchange. */
    @FunctionalInterface
    interface Answer {
        void to(HttpExchange exchange) throws IOException, InterruptedException;
    }

    FakeKds() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Answers in this order, the last one for ever. */
    FakeKds on(String path, Answer... inOrder) {
        answers.put(path, new ArrayDeque<>(List.of(inOrder)));
        return this;
    }

    /** All that the service has about a chip. */
    FakeKds serve(ChipKey key, Collateral chain) {
        return issuers(key, chain).on(AmdKds.path(key), bytes(chain.vek()));
    }

    FakeKds issuers(ChipKey key, Collateral chain) {
        return on(
                "/vcek/v1/" + key.line().title() + "/cert_chain", text(pem(chain.intermediate()) + pem(chain.root())));
    }

    FakeKds thim(Collateral chain) {
        return on(
                AzureThim.PATH,
                text("{\"vcekCert\":\"" + line(pem(chain.vek()))
                        + "\",\"tcbm\":\"54170000000000A\",\"certificateChain\":\""
                        + line(pem(chain.intermediate()) + pem(chain.root())) + "\",\"cacheControl\":\"86400\"}"));
    }

    private static String line(String text) {
        return text.replace("\n", "\\n");
    }

    static String pem(Bytes certificate) {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.toArray())
                + "\n-----END CERTIFICATE-----\n";
    }

    static Answer text(String text) {
        return bytes(Bytes.utf8(text));
    }

    static Answer bytes(Bytes content) {
        return exchange -> {
            exchange.sendResponseHeaders(200, content.length());
            exchange.getResponseBody().write(content.toArray());
        };
    }

    static Answer late(Duration delay, Answer then) {
        return exchange -> {
            Thread.sleep(delay);
            then.to(exchange);
        };
    }

    static Answer status(int status, String... headers) {
        return exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
        };
    }

    /** Announces the whole and breaks off in the middle. */
    static Answer cut(Bytes content) {
        return exchange -> {
            exchange.sendResponseHeaders(200, content.length());
            exchange.getResponseBody()
                    .write(content.slice(0, content.length() / 2).toArray());
            exchange.getResponseBody().flush();
            throw new IOException("cut");
        };
    }

    /** Never stops sending, a byte in so much time. */
    static Answer endless(int chunk, Duration pause) {
        return exchange -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            for (int sent = 0; sent < 256 << 20; sent += chunk) {
                body.write(new byte[chunk]);
                body.flush();
                Thread.sleep(pause);
            }
        };
    }

    long count(String path) {
        return asked.stream().filter(path::equals).count();
    }

    List<String> asked() {
        return List.copyOf(asked);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        asked.add(path);
        boolean azure = path.equals(AzureThim.PATH);
        Answer answer = status(404);
        Deque<Answer> queue = answers.get(path);
        if (queue != null && azure == "true".equals(exchange.getRequestHeaders().getFirst("Metadata"))) {
            synchronized (queue) {
                answer = queue.size() > 1 ? queue.removeFirst() : queue.getFirst();
            }
        }
        try (exchange) {
            answer.to(exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
