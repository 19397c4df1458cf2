package io.cloister.channel.flow;

import io.cloister.channel.PeerNetwork;
import io.cloister.channel.Topic;
import io.cloister.codec.Bytes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What waits to be written to one peer. {@link #next} hands out one frame at a time: control frames first, then the
 * first topic in priority order that has both a message and credit; a large message of a lower topic is interrupted
 * between two frames. Bounded per topic. (F2, F4)
 */
public final class Outbox {
    /** More credit than this at once cannot be meant. */
    private static final long MAX_CREDIT = 1L << 32;

    private static final int MAX_CONTROL = 16;

    private static final class Lane {
        private final QueueLimits limits;
        private final Deque<Bytes> messages = new ArrayDeque<>();
        private long bytes;
        private int sent; // of the first message
        private long credit;

        private Lane(QueueLimits limits) {
            this.limits = limits;
        }
    }

    private final Map<Topic, Lane> lanes = new EnumMap<>(Topic.class);
    private final Map<Topic, Long> grants = new EnumMap<>(Topic.class);
    private final Deque<Bytes> control = new ArrayDeque<>();

    public Outbox(Map<Topic, QueueLimits> limits) {
        for (Topic topic : Topic.values()) {
            QueueLimits limit = limits.get(topic);
            if (limit == null) {
                throw new IllegalArgumentException("no queue limits for " + topic);
            }
            lanes.put(topic, new Lane(limit));
        }
    }

    /** Queues a message; false when the topic's queue is full, and then nothing changed. */
    public boolean offer(Topic topic, Bytes payload) {
        if (payload.length() > PeerNetwork.MAX_PAYLOAD) {
            throw new IllegalArgumentException("a payload of " + payload.length() + " bytes");
        }
        Lane lane = lane(topic);
        if (lane.messages.size() >= lane.limits.messages() || lane.bytes + payload.length() > lane.limits.bytes()) {
            return false;
        }
        lane.messages.add(payload);
        lane.bytes += payload.length();
        return true;
    }

    /**
     * Queues a challenge, an answer or a decline.
     *
     * @throws FlowViolation when the peer makes us queue more than it reads
     */
    public void offerControl(Bytes frame) {
        if (control.size() >= MAX_CONTROL) {
            throw new FlowViolation("control frames are not being read");
        }
        control.add(frame);
    }

    /** Lets the peer send more; several grants become one frame. */
    public void grant(Topic topic, long units) {
        grants.merge(topic, units, Long::sum);
    }

    /**
     * The peer lets us send more.
     *
     * @throws FlowViolation for more than can be meant
     */
    public void credit(Topic topic, long units) {
        Lane lane = lane(topic);
        lane.credit += units;
        if (lane.credit > MAX_CREDIT) {
            throw new FlowViolation("credit of " + lane.credit + " on " + topic);
        }
    }

    /** The next frame to write, if any may be written. */
    public Optional<Bytes> next() {
        Bytes urgent = control.poll();
        if (urgent != null) {
            return Optional.of(urgent);
        }
        for (Topic topic : grants.keySet()) {
            long units = grants.remove(topic);
            return Optional.of(new LiveFrame.Credit(topic, units).encode());
        }
        for (Map.Entry<Topic, Lane> entry : lanes.entrySet()) {
            Optional<Bytes> frame = next(entry.getKey(), entry.getValue());
            if (frame.isPresent()) {
                return frame;
            }
        }
        return Optional.empty();
    }

    /** Messages that wait on a topic, one that is partly sent included. */
    public int queued(Topic topic) {
        return lane(topic).messages.size();
    }

    private static Optional<Bytes> next(Topic topic, Lane lane) {
        Bytes message = lane.messages.peek();
        if (message == null) {
            return Optional.empty();
        }
        int length = Math.min(LiveFrame.CHUNK, message.length() - lane.sent);
        long price = Units.of(length);
        if (price > lane.credit) {
            return Optional.empty();
        }
        lane.credit -= price;
        Bytes piece = message.slice(lane.sent, length);
        lane.sent += length;
        boolean last = lane.sent == message.length();
        if (last) {
            lane.messages.remove();
            lane.bytes -= message.length();
            lane.sent = 0;
        }
        return Optional.of(new LiveFrame.Data(topic, last, piece).encode());
    }

    private Lane lane(Topic topic) {
        return Objects.requireNonNull(lanes.get(topic));
    }
}
