package io.cloister.consensus.ingress;

import java.time.Duration;

/**
 * What clients may do.
 *
 * @param streams open at one time
 * @param streamsPerAddress of one address
 * @param requests unanswered on one stream; one whose answer the client does not read counts on
 * @param bytes of the transactions of those
 * @param patience after which a request is answered with {@link RefusalReason#EXPIRED}
 */
public record IngressSettings(int streams, int streamsPerAddress, int requests, long bytes, Duration patience) {
    public static final IngressSettings DEFAULT = new IngressSettings(256, 64, 1024, 16L << 20, Duration.ofSeconds(60));

    public IngressSettings {
        if (streams < 1 || streamsPerAddress < 1 || requests < 1 || bytes < 1 || patience.toMillis() < 1) {
            throw new IllegalArgumentException("bounds of the ingress must be positive");
        }
        if (requests > NodeFrame.MAX_ANSWERS) {
            throw new IllegalArgumentException("at most " + NodeFrame.MAX_ANSWERS + " requests a stream");
        }
    }
}
