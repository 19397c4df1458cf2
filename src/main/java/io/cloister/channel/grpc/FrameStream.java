package io.cloister.channel.grpc;

import io.cloister.codec.Bytes;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Our end of the one stream of a connection. Thread-safe; after an end, sending does nothing. */
interface FrameStream {
    /** What the stream tells, one call at a time. */
    interface Listener {
        void frame(Bytes frame);

        /** There is room to send again. */
        void ready();

        /** The stream is over, whoever ended it. Called once. */
        void closed();
    }

    /** Who hears of the stream from now on. */
    void listener(Listener listener);

    @Nullable
    SSLSession session();

    /** The other end's address without its port, for limits and the log. */
    String remote();

    void send(Bytes frame);

    boolean isReady();

    /** Lets one more frame in. */
    void receive();

    /** Ends the stream after what was sent. */
    void finish();

    /** Ends the connection now. */
    void cancel();
}
