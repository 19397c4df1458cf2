package io.cloister.channel.grpc;

import io.cloister.codec.Bytes;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Frames of our own as gRPC messages, each copied once on the way out and once on the way in. */
public final class FrameMarshaller implements Marshaller<Bytes> {
    private final int limit;

    /** @param limit more bytes than this and one are never read of a message */
    public FrameMarshaller(int limit) {
        this.limit = limit;
    }

    @Override
    public InputStream stream(Bytes frame) {
        return new FrameStreamOut(frame);
    }

    @Override
    public Bytes parse(InputStream stream) {
        try {
            if (stream instanceof KnownLength && stream.available() <= limit) {
                byte[] frame = new byte[stream.available()];
                int read = stream.readNBytes(frame, 0, frame.length);
                if (read == frame.length) {
                    return Bytes.wrap(frame);
                }
                throw new IOException("a frame ends after " + read + " of " + frame.length + " bytes");
            }
            return Bytes.wrap(stream.readNBytes(limit + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives gRPC the bytes as they lie. */
    private static final class FrameStreamOut extends InputStream implements KnownLength, Drainable {
        private final Bytes frame;
        private int at;

        private FrameStreamOut(Bytes frame) {
            this.frame = frame;
        }

        @Override
        public int available() {
            return frame.length() - at;
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            int length = available();
            frame.writeTo(target, at, length);
            at += length;
            return length;
        }

        @Override
        public int read() {
            return at < frame.length() ? frame.at(at++) & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int from, int length) {
            if (length == 0) {
                return 0;
            }
            int count = Math.min(length, available());
            if (count == 0) {
                return -1;
            }
            frame.copyTo(at, target, from, count);
            at += count;
            return count;
        }
    }
}
