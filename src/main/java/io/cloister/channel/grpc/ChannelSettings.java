package io.cloister.channel.grpc;

import io.cloister.channel.Topic;
import io.cloister.channel.flow.Inbox;
import io.cloister.channel.flow.QueueLimits;
import io.cloister.channel.handshake.Reattestation;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * Times and limits of the channel.
 *
 * @param handshakeDeadline from the dial or the accepted stream to both finish codes; also for an answer to a challenge
 * @param keepAlive silence after which the other end is probed, and again until it is given up
 * @param peerRefresh how often the peer list is read again
 * @param queues how much may wait for one peer, by topic
 * @param window units that one peer may have under way to us, by topic; at least {@link Inbox#MIN_WINDOW}
 */
public record ChannelSettings(
        Duration handshakeDeadline,
        Renewal renewal,
        Dialling dialling,
        Attempts attempts,
        Duration keepAlive,
        Duration peerRefresh,
        Map<Topic, QueueLimits> queues,
        long window) {

    /**
     * Re-attestation.
     *
     * @param every from one accepted evidence to the next challenge
     * @param retry from lack of evidence to the next challenge
     * @param grace how long a connection lives on without new evidence
     * @param spacing how often a peer may ask us for new evidence; asking sooner is declined
     */
    public record Renewal(Duration every, Duration retry, Duration grace, Duration spacing) {
        public Renewal {
            positive(every, retry, grace, spacing);
        }
    }

    /** Waits before dialling again: the first, and the longest. */
    public record Dialling(Duration first, Duration cap) {
        public Dialling {
            positive(first, cap);
        }
    }

    /**
     * What strangers may do. A quarter of the places is the most for one address; TCP connections have four times as
     * many places, and may come four times as fast, as handshakes.
     *
     * @param burst handshakes from one address at once
     * @param perSecond handshakes from one address in the long run
     * @param pending handshakes under way at one time
     */
    public record Attempts(int burst, double perSecond, int pending) {
        static final int SHARE = 4;
        static final int CONNECTIONS = 4;

        public Attempts {
            if (burst < 1 || perSecond <= 0 || pending < SHARE) {
                throw new IllegalArgumentException(
                        "limits on attempts must be positive, and at least 4 handshakes allowed");
            }
        }

        Gate handshakes() {
            return new Gate(burst, perSecond, pending, pending / SHARE);
        }

        Gate connections() {
            int places = CONNECTIONS * pending;
            return new Gate(CONNECTIONS * burst, CONNECTIONS * perSecond, places, places / SHARE);
        }
    }

    public ChannelSettings {
        queues = Map.copyOf(queues);
        if (queues.size() != Topic.values().length) {
            throw new IllegalArgumentException("queue limits are needed for each topic");
        }
        if (window < Inbox.MIN_WINDOW) {
            throw new IllegalArgumentException("the window must be at least " + Inbox.MIN_WINDOW);
        }
        positive(handshakeDeadline, keepAlive, peerRefresh);
    }

    public static ChannelSettings defaults() {
        Map<Topic, QueueLimits> queues = new EnumMap<>(Topic.class);
        queues.put(Topic.CONSENSUS, new QueueLimits(4096, 32L << 20));
        queues.put(Topic.MPC, new QueueLimits(4096, 32L << 20));
        queues.put(Topic.SYNC, new QueueLimits(256, 16L << 20));
        queues.put(Topic.STATE, new QueueLimits(256, 16L << 20));
        return new ChannelSettings(
                Duration.ofSeconds(30),
                new Renewal(
                        Duration.ofMinutes(10), Duration.ofMinutes(1), Duration.ofHours(24), Duration.ofSeconds(20)),
                new Dialling(Duration.ofMillis(200), Duration.ofSeconds(30)),
                new Attempts(32, 2, 128),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                queues,
                9L << 20);
    }

    public ChannelSettings with(Renewal other) {
        return new ChannelSettings(
                handshakeDeadline, other, dialling, attempts, keepAlive, peerRefresh, queues, window);
    }

    public ChannelSettings with(Dialling other) {
        return new ChannelSettings(handshakeDeadline, renewal, other, attempts, keepAlive, peerRefresh, queues, window);
    }

    public ChannelSettings with(Attempts other) {
        return new ChannelSettings(handshakeDeadline, renewal, dialling, other, keepAlive, peerRefresh, queues, window);
    }

    public ChannelSettings withHandshakeDeadline(Duration other) {
        return new ChannelSettings(other, renewal, dialling, attempts, keepAlive, peerRefresh, queues, window);
    }

    public ChannelSettings withQueues(Map<Topic, QueueLimits> other) {
        return new ChannelSettings(
                handshakeDeadline, renewal, dialling, attempts, keepAlive, peerRefresh, other, window);
    }

    Reattestation.Timing timing() {
        return new Reattestation.Timing(
                renewal.every().toMillis(),
                renewal.retry().toMillis(),
                handshakeDeadline.toMillis(),
                renewal.grace().toMillis());
    }

    private static void positive(Duration... times) {
        for (Duration time : times) {
            if (time.toMillis() < 1) {
                throw new IllegalArgumentException("times must be at least a millisecond, not " + time);
            }
        }
    }
}
