package io.cloister.channel.grpc;

import io.cloister.channel.handshake.HandshakeMessage;
import io.cloister.codec.Bytes;
import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;

/** The one gRPC method: a bidirectional stream of our own frames, uncompressed. */
final class Wire {
    static final String SERVICE = "cloister.channel.v1.Peer";

    /** What gRPC lets through; the exact limit is the handshake machine's, so that a refusal has a reason. */
    static final int TRANSPORT_LIMIT = 2 * HandshakeMessage.MAX_FRAME;

    static final int MAX_METADATA = 4096;

    private static final Marshaller<Bytes> FRAMES = new FrameMarshaller(TRANSPORT_LIMIT);

    static final MethodDescriptor<Bytes, Bytes> LINK = MethodDescriptor.newBuilder(FRAMES, FRAMES)
            .setType(MethodType.BIDI_STREAMING)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Link"))
            .build();

    private Wire() {}

    /** No compression: a frame is what it says it is. */
    static DecompressorRegistry decompressors() {
        return DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false);
    }
}
