package io.cloister.consensus.ingress;

import io.cloister.channel.grpc.FrameMarshaller;
import io.cloister.codec.Bytes;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;

/** The one gRPC method of the ingress. */
final class IngressWire {
    static final String SERVICE = "cloister.ingress.v1.Ingress";

    static final MethodDescriptor<Bytes, Bytes> STREAM = MethodDescriptor.newBuilder(
                    new FrameMarshaller(ClientFrame.MAX_BYTES), new FrameMarshaller(NodeFrame.MAX_BYTES))
            .setType(MethodType.BIDI_STREAMING)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Stream"))
            .build();

    private IngressWire() {}
}
