package io.cloister.consensus.ingress;

import io.cloister.channel.ChannelMetrics;
import io.cloister.channel.flow.Slots;
import io.cloister.channel.grpc.ClientListener;
import io.cloister.channel.grpc.TlsIdentity;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.engine.Acceptance;
import io.cloister.consensus.engine.Engine;
import io.cloister.crypto.Hashes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The listener for clients. Requests are checked on threads of its own, as many at a time as there are processors;
 * answers are made on one more, so that the consensus thread only hands blocks over.
 */
public final class Ingress implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Ingress.class.getName());

    /** Requests that one thread checks before it looks for other work. */
    private static final int CHUNK = 8;

    private static final int MAX_TEXT = NodeFrame.MAX_TEXT;

    private final Engine engine;
    private final IngressSettings settings;
    private final ClientListener listener;
    private final Server server;
    private final Workers workers;
    private final ScheduledExecutorService answering = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("ingress-answers").factory());
    private final Waiters waiters = new Waiters();
    private final Slots slots;
    private final Set<ClientStream> streams = ConcurrentHashMap.newKeySet();

    /**
     * @param engine started already; stays the caller's to close, after this
     * @param tls whose certificate the clients see
     */
    public Ingress(
            Engine engine,
            TlsIdentity tls,
            InetSocketAddress address,
            IngressSettings settings,
            ChannelMetrics metrics) {
        this.engine = engine;
        this.settings = settings;
        this.slots = new Slots(settings.streams(), settings.streamsPerAddress());
        this.workers = new Workers("ingress-checks-");
        this.listener = new ClientListener(tls, address, settings.streams(), metrics);
        this.server = listener.builder()
                .maxInboundMessageSize(ClientFrame.MAX_BYTES)
                .maxConcurrentCallsPerConnection(settings.streamsPerAddress())
                .addService(ServerServiceDefinition.builder(IngressWire.SERVICE)
                        .addMethod(IngressWire.STREAM, new Handler())
                        .build())
                .build();
    }

    /** @throws IOException when the address cannot be bound; everything is closed then */
    public void start() throws IOException {
        try {
            server.start();
        } catch (IOException e) {
            close();
            throw e;
        }
        engine.onDecided(this::decided);
        answering.scheduleWithFixedDelay(this::expire, 1, 1, TimeUnit.SECONDS);
    }

    public int port() {
        return server.getPort();
    }

    private void decided(CertifiedBlock block) {
        try {
            answering.execute(() -> {
                try {
                    Answers.send(block, waiters);
                } catch (RuntimeException e) {
                    LOG.log(Level.ERROR, "answers of height " + block.height() + " failed", e);
                }
            });
        } catch (RejectedExecutionException closed) {
            LOG.log(Level.TRACE, "a block came after the close");
        }
    }

    private void expire() {
        for (Waiter late :
                waiters.takeSince(System.nanoTime() - settings.patience().toNanos())) {
            refuse(late.stream(), late.id(), late.bytes(), RefusalReason.EXPIRED, "");
        }
    }

    private void take(ClientStream stream, ClientFrame frame) {
        switch (frame) {
            case ClientFrame.Ask(long height) ->
                workers.run(() -> {
                    stream.tell(standing(height).encode());
                    stream.receive();
                });
            case ClientFrame.Submit(List<ClientFrame.Request> requests) -> {
                List<ClientFrame.Request> admitted = new ArrayList<>(requests.size());
                for (ClientFrame.Request request : requests) {
                    if (stream.admit(request.transaction().length())) {
                        admitted.add(request);
                    } else {
                        stream.tell(refusal(request.id(), RefusalReason.STREAM_FULL, ""));
                    }
                }
                for (int at = 0; at < admitted.size(); at += CHUNK) {
                    List<ClientFrame.Request> part = admitted.subList(at, Math.min(at + CHUNK, admitted.size()));
                    workers.run(() -> submit(stream, part));
                }
                stream.receive();
            }
        }
    }

    private void submit(ClientStream stream, List<ClientFrame.Request> requests) {
        List<Bytes> transactions =
                requests.stream().map(ClientFrame.Request::transaction).toList();
        List<Bytes> hashes = transactions.stream().map(Hashes::sha256).toList();
        long now = System.nanoTime();
        List<Waiter> added = requests.stream()
                .map(it -> new Waiter(stream, it.id(), it.transaction().length(), now))
                .toList();
        for (int i = 0; i < added.size(); i++) {
            waiters.add(hashes.get(i), added.get(i)); // before it can be decided
        }
        if (stream.isOver()) {
            waiters.forget(stream);
            return;
        }
        List<Acceptance> acceptances = engine.submitAll(transactions);
        for (int i = 0; i < added.size(); i++) {
            Optional<RefusalReason> reason = reason(acceptances.get(i));
            Waiter waiter = added.get(i);
            if (reason.isPresent() && waiters.remove(hashes.get(i), waiter)) {
                refuse(stream, waiter.id(), waiter.bytes(), reason.get(), text(acceptances.get(i)));
            }
        }
    }

    private static Optional<RefusalReason> reason(Acceptance acceptance) {
        return switch (acceptance) {
            case Acceptance.Accepted _ -> Optional.empty();
            case Acceptance.Known known -> known.committed() ? Optional.of(RefusalReason.COMMITTED) : Optional.empty();
            case Acceptance.Full(boolean sender) ->
                Optional.of(sender ? RefusalReason.SENDER_FULL : RefusalReason.POOL_FULL);
            case Acceptance.Refused refused ->
                Optional.of(refused.code().equals(Engine.STOPPED) ? RefusalReason.STOPPED : RefusalReason.INVALID);
        };
    }

    private static String text(Acceptance acceptance) {
        return acceptance instanceof Acceptance.Refused refused ? refused.code() : "";
    }

    private static void refuse(ClientStream stream, long id, int length, RefusalReason reason, String text) {
        stream.answer(refusal(id, reason, text), 1, length);
    }

    private static Bytes refusal(long id, RefusalReason reason, String text) {
        return new NodeFrame.Refused(List.of(new NodeFrame.Refusal(id, reason, bounded(text)))).encode();
    }

    private static String bounded(String text) {
        String ascii = text.replaceAll("[^\\x20-\\x7e]", "?");
        return ascii.substring(0, Math.min(MAX_TEXT, ascii.length()));
    }

    private NodeFrame.Standing standing(long asked) {
        long height = asked == 0 ? engine.height() : asked;
        return new NodeFrame.Standing(
                height,
                engine.header(height).map(it -> it.header().stateRoot()),
                engine.halted().map(Ingress::bounded));
    }

    /** Ends all streams; requests that are not answered by now never are. */
    @Override
    public void close() {
        server.shutdown();
        streams.forEach(stream -> stream.close(Status.UNAVAILABLE.withDescription("this node stops")));
        server.shutdownNow();
        answering.shutdownNow();
        workers.close();
        listener.close();
    }

    private final class Handler implements ServerCallHandler<Bytes, Bytes> {
        @Override
        public ServerCall.Listener<Bytes> startCall(ServerCall<Bytes, Bytes> call, Metadata headers) {
            String address = address(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
            ClientStream stream = new ClientStream(call, settings);
            boolean taken;
            synchronized (slots) {
                taken = slots.take(address);
            }
            if (!taken) {
                stream.close(Status.RESOURCE_EXHAUSTED.withDescription("too many streams"));
                return new ServerCall.Listener<>() {};
            }
            streams.add(stream);
            call.sendHeaders(new Metadata());
            stream.receive();
            return new Events(stream, address);
        }

        private static String address(@Nullable SocketAddress remote) {
            return remote instanceof InetSocketAddress inet && inet.getAddress() != null
                    ? inet.getAddress().getHostAddress()
                    : String.valueOf(remote);
        }
    }

    /** What gRPC tells of a stream, on the event loop. */
    private final class Events extends ServerCall.Listener<Bytes> {
        private final ClientStream stream;
        private final String address;

        private Events(ClientStream stream, String address) {
            this.stream = stream;
            this.address = address;
        }

        @Override
        public void onMessage(Bytes frame) {
            try {
                take(stream, ClientFrame.decode(frame));
            } catch (CodecException e) {
                stream.close(Status.INVALID_ARGUMENT.withDescription(e.reason().name()));
            }
        }

        @Override
        public void onReady() {
            stream.ready();
        }

        @Override
        public void onHalfClose() {
            stream.close(Status.OK);
        }

        @Override
        public void onCancel() {
            gone();
        }

        @Override
        public void onComplete() {
            gone();
        }

        private void gone() {
            stream.ended();
            if (streams.remove(stream)) {
                synchronized (slots) {
                    slots.release(address);
                }
                workers.run(() -> waiters.forget(stream));
            }
        }
    }
}
