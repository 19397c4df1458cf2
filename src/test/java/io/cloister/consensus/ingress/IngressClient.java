package io.cloister.consensus.ingress;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.Header;
import io.cloister.consensus.SignatureCheck;
import io.cloister.consensus.ValidatorSet;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import javax.net.ssl.SSLException;

/**
 * A client of one node. Checks certificate and paths of each answer against the validators it trusts before anybody is
 * told of it. Does not look at the node's TLS certificate: what it is told proves itself. Thread-safe.
 */
public final class IngressClient implements AutoCloseable {
    /** What became of a request. */
    public sealed interface Outcome {
        /** It is in this block. */
        record Committed(Header header, Certificate certificate) implements Outcome {}

        record Refused(RefusalReason reason, String text) implements Outcome {}

        /** The stream ended first. */
        record Lost(String why) implements Outcome {}
    }

    /** What a node says of itself. */
    public record Standing(long height, Optional<Bytes> stateRoot, Optional<String> halted) {}

    /** A transaction and who is told of its end, on the thread that reads the stream. */
    public record Order(Bytes transaction, CompletableFuture<Outcome> outcome) {
        public Order(Bytes transaction) {
            this(transaction, new CompletableFuture<>());
        }
    }

    private static final int FRAME = 900_000;

    private final ManagedChannel channel;
    private final ClientCall<Bytes, Bytes> call;
    private final Function<Header, ValidatorSet> validators;
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, Order> open = new ConcurrentHashMap<>();
    private final BlockingQueue<Standing> standings = new ArrayBlockingQueue<>(16);
    private final AtomicReference<Optional<String>> ended = new AtomicReference<>(Optional.empty());

    /** @param validators those of a header that the client trusts: they must have signed what the node answers with */
    public IngressClient(InetSocketAddress address, Function<Header, ValidatorSet> validators) {
        this.validators = validators;
        try {
            this.channel = NettyChannelBuilder.forAddress(address)
                    .sslContext(GrpcSslContexts.configure(
                                    io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder.forClient(),
                                    SslProvider.JDK)
                            .trustManager(InsecureTrustManagerFactory.INSTANCE)
                            .build())
                    .overrideAuthority("ingress.cloister.invalid")
                    .directExecutor()
                    .maxInboundMessageSize(NodeFrame.MAX_BYTES)
                    .disableRetry()
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
        this.call = channel.newCall(IngressWire.STREAM, CallOptions.DEFAULT);
        call.start(new Events(), new Metadata());
        call.request(64);
    }

    public CompletableFuture<Outcome> submit(Bytes transaction) {
        Order order = new Order(transaction);
        submit(List.of(order));
        return order.outcome();
    }

    /** Sends several in as few frames as they fit. */
    public void submit(List<Order> orders) {
        int from = 0;
        while (from < orders.size()) {
            int to = from;
            long bytes = 0;
            while (to < orders.size()
                    && to - from < ClientFrame.MAX_REQUESTS
                    && (to == from || bytes + orders.get(to).transaction().length() + 12 < FRAME)) {
                bytes += orders.get(to++).transaction().length() + 12;
            }
            List<ClientFrame.Request> requests =
                    orders.subList(from, to).stream().map(this::request).toList();
            send(new ClientFrame.Submit(requests));
            from = to;
        }
        ended.get().ifPresent(this::lose);
    }

    private ClientFrame.Request request(Order order) {
        long id = ids.incrementAndGet();
        open.put(id, order);
        return new ClientFrame.Request(id, order.transaction());
    }

    /**
     * Where the node stands after a height, 0 for the last.
     *
     * @throws IllegalStateException when it does not say within five seconds
     */
    public Standing standing(long height) throws InterruptedException {
        standings.clear();
        send(new ClientFrame.Ask(height));
        Standing standing = standings.poll(5, TimeUnit.SECONDS);
        if (standing == null) {
            throw new IllegalStateException("the node does not say where it stands; stream: " + ended.get());
        }
        return standing;
    }

    private synchronized void send(ClientFrame frame) {
        call.sendMessage(frame.encode());
    }

    private void lose(String why) {
        for (Long id : List.copyOf(open.keySet())) {
            Optional.ofNullable(open.remove(id))
                    .ifPresent(order -> order.outcome().complete(new Outcome.Lost(why)));
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private void take(NodeFrame frame) {
        switch (frame) {
            case NodeFrame.Refused(List<NodeFrame.Refusal> refusals) -> {
                for (NodeFrame.Refusal refusal : refusals) {
                    Optional.ofNullable(open.remove(refusal.id()))
                            .ifPresent(order ->
                                    order.outcome().complete(new Outcome.Refused(refusal.reason(), refusal.text())));
                }
            }
            case NodeFrame.Standing(long height, Optional<Bytes> root, Optional<String> halted) ->
                standings.offer(new Standing(height, root, halted));
            case NodeFrame.Committed committed -> take(committed);
        }
    }

    private void take(NodeFrame.Committed committed) {
        Header header = committed.decided().header();
        Certificate certificate = committed.decided().certificate();
        Optional<Certificate.Flaw> flaw = certificate.flaw(
                header, validators.apply(header), committed.decided().keys(), SignatureCheck.SECP256K1);
        if (flaw.isPresent()) {
            throw new IllegalStateException("height " + header.height() + " is not certified: " + flaw.get());
        }
        for (NodeFrame.Commit commit : committed.commits()) {
            Order order = Objects.requireNonNull(open.remove(commit.id()), "an answer that nobody waits for");
            if (!commit.path().proves(order.transaction(), header)) {
                throw new IllegalStateException("request " + commit.id() + " is not in height " + header.height());
            }
            order.outcome().complete(new Outcome.Committed(header, certificate));
        }
    }

    private final class Events extends ClientCall.Listener<Bytes> {
        @Override
        public void onMessage(Bytes frame) {
            try {
                take(NodeFrame.decode(frame));
                call.request(1);
            } catch (CodecException | IllegalStateException e) {
                call.cancel("unreadable", e);
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            String why = String.valueOf(status);
            ended.set(Optional.of(why));
            lose(why);
        }
    }
}
