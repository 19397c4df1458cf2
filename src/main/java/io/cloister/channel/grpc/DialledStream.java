package io.cloister.channel.grpc;

import io.cloister.codec.Bytes;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;

/** The dialling end, which owns its connection and takes it down with the stream. */
final class DialledStream extends StreamBase {
    private final ManagedChannel channel;
    private final ClientCall<Bytes, Bytes> call;

    DialledStream(ManagedChannel channel) {
        this.channel = channel;
        this.call = channel.newCall(Wire.LINK, CallOptions.DEFAULT);
    }

    /** Dials. {@code opened} runs when the other end took the stream, so that the TLS session is there. */
    void start(Runnable opened) {
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onHeaders(Metadata headers) {
                        opened.run();
                    }

                    @Override
                    public void onMessage(Bytes frame) {
                        listener().frame(frame);
                    }

                    @Override
                    public void onReady() {
                        listener().ready();
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        channel.shutdownNow();
                        ended();
                    }
                },
                new Metadata());
    }

    @Override
    Attributes attributes() {
        return call.getAttributes();
    }

    @Override
    void write(Bytes frame) {
        call.sendMessage(frame);
    }

    @Override
    void end() {
        call.halfClose();
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
        channel.shutdownNow();
    }
}
