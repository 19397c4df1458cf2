package io.cloister.channel.grpc;

import io.cloister.codec.Bytes;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/** The accepting end. */
final class AcceptedStream extends StreamBase {
    private final ServerCall<Bytes, Bytes> call;

    AcceptedStream(ServerCall<Bytes, Bytes> call) {
        this.call = call;
        call.sendHeaders(new Metadata());
    }

    /** What gRPC tells of the call. */
    ServerCall.Listener<Bytes> events() {
        return new ServerCall.Listener<>() {
            @Override
            public void onMessage(Bytes frame) {
                listener().frame(frame);
            }

            @Override
            public void onReady() {
                listener().ready();
            }

            @Override
            public void onHalfClose() {
                finish();
            }

            @Override
            public void onCancel() {
                ended();
            }

            @Override
            public void onComplete() {
                ended();
            }
        };
    }

    @Override
    Attributes attributes() {
        return call.getAttributes();
    }

    @Override
    void write(Bytes frame) {
        if (!call.isCancelled()) {
            call.sendMessage(frame);
        }
    }

    @Override
    void end() {
        if (!call.isCancelled()) {
            call.close(Status.OK, new Metadata());
        }
    }

    @Override
    public boolean isReady() {
        return call.isReady();
    }

    @Override
    public void receive() {
        call.request(1);
    }

    @Override
    public void cancel() {
        finish();
    }
}
