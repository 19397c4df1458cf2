package io.cloister.channel.grpc;

import io.cloister.channel.ChannelMetrics;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A gRPC listener for clients, who show no certificate: TLS 1.3 by the boot's key, connections limited by address before
 * TLS begins, no compression, calls handled on the event loop.
 */
public final class ClientListener implements AutoCloseable {
    private static final Duration TLS_DEADLINE = Duration.ofSeconds(10);
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration PROBE = Duration.ofSeconds(20);

    private final EventLoopGroup loops;
    private final NettyServerBuilder builder;

    /**
     * @param connections open at one time, a quarter of them of one address; as many may come at once, and a tenth of
     *     that each second
     */
    public ClientListener(TlsIdentity tls, InetSocketAddress address, int connections, ChannelMetrics metrics) {
        int share = Math.max(1, connections / ChannelSettings.Attempts.SHARE);
        Gate gate = new Gate(share, Math.max(1, share / 10.0), connections, share);
        this.loops = new MultiThreadIoEventLoopGroup(
                1, Thread.ofPlatform().daemon().name("client-io-", 0).factory(), NioIoHandler.newFactory());
        this.builder = NettyServerBuilder.forAddress(address)
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                .channelFactory(() -> new GuardedListener(gate, metrics))
                .sslContext(new TlsContexts(tls).open())
                .directExecutor()
                .decompressorRegistry(Wire.decompressors())
                .maxInboundMetadataSize(Wire.MAX_METADATA)
                .handshakeTimeout(TLS_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionIdle(IDLE.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTime(PROBE.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(PROBE.toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(1, TimeUnit.SECONDS);
    }

    /** To add services and message sizes to. */
    public NettyServerBuilder builder() {
        return builder;
    }

    /** Ends the event loop; the server is the caller's to shut down first. */
    @Override
    public void close() {
        loops.shutdownGracefully(0, 250, TimeUnit.MILLISECONDS);
    }
}
