package io.cloister.channel.grpc;

import io.cloister.channel.ChannelMetrics;
import io.grpc.netty.shaded.io.netty.channel.socket.SocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.util.List;

/** Accepts connections within a gate's limits and drops the others before TLS begins: gRPC itself has no such limit. */
final class GuardedListener extends NioServerSocketChannel {
    private final Gate gate;
    private final ChannelMetrics metrics;

    GuardedListener(Gate gate, ChannelMetrics metrics) {
        this.gate = gate;
        this.metrics = metrics;
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        int count = super.doReadMessages(accepted);
        if (count > 0 && accepted.getLast() instanceof SocketChannel connection) {
            InetSocketAddress remote = connection.remoteAddress();
            if (remote == null || !admit(connection, remote.getAddress().getHostAddress())) {
                metrics.count("connections.turned_away");
                accepted.removeLast();
                connection.unsafe().closeForcibly();
            }
        }
        return count;
    }

    private boolean admit(SocketChannel connection, String address) {
        if (!gate.enter(address)) {
            return false;
        }
        connection.closeFuture().addListener(closed -> gate.leave(address));
        return true;
    }
}
