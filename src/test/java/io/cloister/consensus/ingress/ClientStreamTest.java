package io.cloister.consensus.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientStreamTest {
    private static final IngressSettings SETTINGS = new IngressSettings(4, 4, 3, 100, Duration.ofSeconds(1));

    private final Call call = new Call();
    private final ClientStream stream = new ClientStream(call, SETTINGS);

    @Test
    void boundsRequestsAndTheirBytes() {
        assertThat(stream.admit(60)).isTrue();
        assertThat(stream.admit(41)).isFalse();
        assertThat(stream.admit(20)).isTrue();
        assertThat(stream.admit(20)).isTrue();
        assertThat(stream.admit(0)).isFalse();
    }

    @Test
    void anAnswerThatWasSentMakesRoom() {
        stream.admit(100);
        stream.answer(Bytes.utf8("answer"), 1, 100);
        assertThat(call.sent).containsExactly(Bytes.utf8("answer"));
        assertThat(stream.admit(100)).isTrue();
    }

    @Test
    void whoDoesNotReadAnswersMayNotAskForMore() {
        call.ready = false;
        for (int i = 0; i < 3; i++) {
            stream.admit(1);
            stream.answer(Bytes.utf8("answer"), 1, 1);
        }
        assertThat(stream.admit(1)).isFalse();
        for (int i = 0; i < 1_000; i++) {
            stream.tell(Bytes.utf8("full"));
        }
        call.ready = true;
        stream.ready();
        assertThat(call.sent).hasSize(3);
        assertThat(stream.admit(1)).isTrue();
    }

    @Test
    void nothingIsSentAfterTheEnd() {
        stream.admit(1);
        stream.ended();
        stream.answer(Bytes.utf8("answer"), 1, 1);
        stream.close(Status.OK);
        assertThat(call.sent).isEmpty();
        assertThat(call.closed).isFalse();
        assertThat(stream.admit(1)).isFalse();
    }

    /** Notes what is sent. */
    private static final class Call extends ServerCall<Bytes, Bytes> {
        private final List<Bytes> sent = new ArrayList<>();
        private boolean ready = true;
        private boolean closed;

        @Override
        public void request(int count) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(Bytes frame) {
            sent.add(frame);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            closed = true;
        }

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public MethodDescriptor<Bytes, Bytes> getMethodDescriptor() {
            return IngressWire.STREAM;
        }
    }
}
