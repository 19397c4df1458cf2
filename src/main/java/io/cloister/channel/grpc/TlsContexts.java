package io.cloister.channel.grpc;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import java.io.UncheckedIOException;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;

/** TLS 1.3 with AES-256-GCM and a certificate from both ends, by the JDK's provider, whose sessions have exporters. */
final class TlsContexts {
    static final String PROTOCOL = "TLSv1.3";
    static final String CIPHER = "TLS_AES_256_GCM_SHA384";

    private final OwnKey key;
    private final PeerTrust trust = new PeerTrust();

    TlsContexts(TlsIdentity identity) {
        this.key = new OwnKey(identity);
    }

    /** A context for one outgoing connection. */
    SslContext client() {
        return build(SslContextBuilder.forClient().keyManager(key));
    }

    /** The listener's context: each accepted connection gets one of its own, so no session can ever be resumed. */
    SslContext server() {
        return new Unresumable(oneServer());
    }

    /** The context of a listener that asks for no certificate. */
    SslContext open() {
        return build(SslContextBuilder.forServer(key));
    }

    private SslContext oneServer() {
        return build(SslContextBuilder.forServer(key).clientAuth(ClientAuth.REQUIRE));
    }

    private SslContext build(SslContextBuilder builder) {
        try {
            return GrpcSslContexts.configure(builder, SslProvider.JDK)
                    .protocols(PROTOCOL)
                    .ciphers(List.of(CIPHER))
                    .trustManager(trust)
                    .build();
        } catch (SSLException e) {
            throw new UncheckedIOException("the Java runtime cannot set TLS 1.3 up", e);
        }
    }

    /** Session caches and ticket keys live in a context; one that serves a single connection has nothing to resume. */
    private final class Unresumable extends SslContext {
        private final SslContext shape;

        private Unresumable(SslContext shape) {
            this.shape = shape;
        }

        @Override
        public boolean isClient() {
            return false;
        }

        @Override
        public List<String> cipherSuites() {
            return shape.cipherSuites();
        }

        @Override
        @SuppressWarnings("deprecation") // the abstract method itself names the deprecated type
        public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
            return shape.applicationProtocolNegotiator();
        }

        @Override
        public SSLEngine newEngine(ByteBufAllocator allocator) {
            return oneServer().newEngine(allocator);
        }

        @Override
        public SSLEngine newEngine(ByteBufAllocator allocator, String host, int port) {
            return oneServer().newEngine(allocator, host, port);
        }

        @Override
        public SSLSessionContext sessionContext() {
            return shape.sessionContext();
        }
    }
}
