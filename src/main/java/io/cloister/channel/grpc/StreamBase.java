package io.cloister.channel.grpc;

import io.cloister.codec.Bytes;
import io.grpc.Attributes;
import io.grpc.Grpc;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What both ends of a gRPC stream have in common: one sender at a time, and nothing after the end. */
abstract class StreamBase implements FrameStream {
    private static final Listener NOBODY = new Listener() {
        @Override
        public void frame(Bytes frame) {}

        @Override
        public void ready() {}

        @Override
        public void closed() {}
    };

    private final ReentrantLock sending = new ReentrantLock();
    private volatile Listener listener = NOBODY;
    private boolean over; // under the lock

    abstract Attributes attributes();

    abstract void write(Bytes frame);

    abstract void end();

    final Listener listener() {
        return listener;
    }

    @Override
    public final void listener(Listener next) {
        listener = next;
    }

    @Override
    public final @Nullable SSLSession session() {
        return attributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    }

    @Override
    public final String remote() {
        SocketAddress address = attributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        return address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : String.valueOf(address);
    }

    @Override
    public final void send(Bytes frame) {
        sending.lock();
        try {
            if (!over) {
                write(frame);
            }
        } finally {
            sending.unlock();
        }
    }

    @Override
    public final void finish() {
        sending.lock();
        try {
            if (!over) {
                over = true;
                end();
            }
        } finally {
            sending.unlock();
        }
    }

    /** The stream ended by itself: nothing may be written any more. */
    final void ended() {
        sending.lock();
        try {
            over = true;
        } finally {
            sending.unlock();
        }
        listener.closed();
    }
}
