package io.cloister.channel.grpc;

import io.cloister.codec.Bytes;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * gRPC's listener and dialled connections, and their event loops, on which frames are also taken: none of that blocks,
 * and what takes long in a handshake runs elsewhere. Plain NIO: no native library is unpacked.
 */
final class Transport implements AutoCloseable {
    private static final int EVENT_LOOPS = 2;

    /** The name in the TLS hello: nobody learns from it who is dialled. */
    private static final String AUTHORITY = "peer.cloister.invalid";

    private static final Duration TLS_DEADLINE = Duration.ofSeconds(10);
    private static final Duration IDLE = Duration.ofSeconds(30);
    /** How often a peer may probe: well below anybody's setting, so that nodes with different ones get on. */
    private static final Duration FASTEST_PROBE = Duration.ofSeconds(1);

    private static final Duration DRAIN = Duration.ofMillis(250);

    private final Services services;
    private final TlsContexts tls;
    private final EventLoopGroup loops;
    private final Set<ManagedChannel> channels = ConcurrentHashMap.newKeySet();
    private volatile Optional<Server> server = Optional.empty();

    /** Takes the streams that strangers open. */
    interface Acceptor {
        void accept(AcceptedStream stream);
    }

    Transport(Services services) {
        this.services = services;
        this.tls = new TlsContexts(services.config.tls());
        this.loops = new MultiThreadIoEventLoopGroup(
                EVENT_LOOPS, Thread.ofPlatform().daemon().name("channel-io-", 0).factory(), NioIoHandler.newFactory());
    }

    void listen(InetSocketAddress address, Acceptor acceptor) throws IOException {
        ServerCallHandler<Bytes, Bytes> handler = new ServerCallHandler<>() {
            @Override
            public ServerCall.Listener<Bytes> startCall(ServerCall<Bytes, Bytes> call, Metadata headers) {
                AcceptedStream stream = new AcceptedStream(call);
                acceptor.accept(stream);
                return stream.events();
            }
        };
        ChannelSettings settings = services.config.settings();
        Gate gate = settings.attempts().connections();
        long probe = settings.keepAlive().toMillis();
        Server built = NettyServerBuilder.forAddress(address)
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                .channelFactory(() -> new GuardedListener(gate, services.metrics))
                .sslContext(tls.server())
                .directExecutor()
                .decompressorRegistry(Wire.decompressors())
                .maxInboundMessageSize(Wire.TRANSPORT_LIMIT)
                .maxInboundMetadataSize(Wire.MAX_METADATA)
                .maxConcurrentCallsPerConnection(1)
                .handshakeTimeout(TLS_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionIdle(IDLE.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTime(probe, TimeUnit.MILLISECONDS)
                .keepAliveTimeout(probe, TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(FASTEST_PROBE.toMillis(), TimeUnit.MILLISECONDS)
                .addService(ServerServiceDefinition.builder(Wire.SERVICE)
                        .addMethod(Wire.LINK, handler)
                        .build())
                .build();
        server = Optional.of(built.start());
    }

    int port() {
        return server.orElseThrow(() -> new IllegalStateException("the network is not started"))
                .getPort();
    }

    /** A connection of its own for each dial; nothing goes out before the stream is started. */
    DialledStream dial(InetSocketAddress address) {
        long probe = services.config.settings().keepAlive().toMillis();
        ManagedChannel channel = NettyChannelBuilder.forAddress(address)
                .eventLoopGroup(loops)
                .channelType(NioSocketChannel.class)
                .sslContext(tls.client())
                .overrideAuthority(AUTHORITY)
                .directExecutor()
                .decompressorRegistry(Wire.decompressors())
                .maxInboundMessageSize(Wire.TRANSPORT_LIMIT)
                .maxInboundMetadataSize(Wire.MAX_METADATA)
                .keepAliveTime(probe, TimeUnit.MILLISECONDS)
                .keepAliveTimeout(probe, TimeUnit.MILLISECONDS)
                .disableRetry()
                .build();
        channels.removeIf(ManagedChannel::isTerminated);
        channels.add(channel);
        return new DialledStream(channel);
    }

    /** Lets the last frames leave for a moment, then cuts. */
    @Override
    public void close() {
        long until = System.nanoTime() + DRAIN.toNanos();
        server.ifPresent(Server::shutdown);
        channels.forEach(ManagedChannel::shutdown);
        try {
            await(until);
            channels.forEach(ManagedChannel::shutdownNow);
            server.ifPresent(Server::shutdownNow);
            await(System.nanoTime() + DRAIN.toNanos());
        } catch (InterruptedException e) {
            channels.forEach(ManagedChannel::shutdownNow);
            server.ifPresent(Server::shutdownNow);
            Thread.currentThread().interrupt();
        }
        loops.shutdownGracefully(0, DRAIN.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void await(long until) throws InterruptedException {
        for (ManagedChannel channel : channels) {
            channel.awaitTermination(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
        if (server.isPresent()) {
            server.get().awaitTermination(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
    }
}
