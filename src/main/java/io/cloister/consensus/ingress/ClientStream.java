package io.cloister.consensus.ingress;

import io.cloister.codec.Bytes;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One client's stream: how much of it is unanswered, and the answers that it has not read yet. A request counts until
 * its answer is handed to gRPC, so that who does not read cannot ask for more. Thread-safe.
 */
final class ClientStream {
    private record Answer(Bytes frame, int requests, long bytes) {}

    private final ServerCall<Bytes, Bytes> call;
    private final IngressSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Answer> answers = new ArrayDeque<>();
    private int requests;
    private long bytes;
    private boolean over;

    ClientStream(ServerCall<Bytes, Bytes> call, IngressSettings settings) {
        this.call = call;
        this.settings = settings;
    }

    /** Whether one more request finds room; it counts then. */
    boolean admit(int length) {
        lock.lock();
        try {
            if (over || requests >= settings.requests() || bytes + length > settings.bytes()) {
                return false;
            }
            requests++;
            bytes += length;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Sends a frame that answers so many admitted requests with so many bytes, now or when there is room. */
    void answer(Bytes frame, int answered, long answeredBytes) {
        lock.lock();
        try {
            if (!over) {
                answers.add(new Answer(frame, answered, answeredBytes));
                pump();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Sends a frame that answers nothing admitted; dropped, not kept, for a client that does not read. */
    void tell(Bytes frame) {
        lock.lock();
        try {
            if (!over && answers.size() < settings.requests()) {
                answers.add(new Answer(frame, 0, 0));
                pump();
            }
        } finally {
            lock.unlock();
        }
    }

    /** There may be room to send again. */
    void ready() {
        lock.lock();
        try {
            pump();
        } finally {
            lock.unlock();
        }
    }

    private void pump() {
        while (!over && !answers.isEmpty() && call.isReady()) {
            Answer next = answers.remove();
            call.sendMessage(next.frame());
            requests -= next.requests();
            bytes -= next.bytes();
        }
    }

    /** Lets the client's next frame in. */
    void receive() {
        call.request(1);
    }

    void close(Status status) {
        lock.lock();
        try {
            if (!over) {
                over = true;
                answers.clear();
                call.close(status, new Metadata());
            }
        } finally {
            lock.unlock();
        }
    }

    /** The client is gone. */
    void ended() {
        lock.lock();
        try {
            over = true;
            answers.clear();
        } finally {
            lock.unlock();
        }
    }

    boolean isOver() {
        lock.lock();
        try {
            return over;
        } finally {
            lock.unlock();
        }
    }
}
