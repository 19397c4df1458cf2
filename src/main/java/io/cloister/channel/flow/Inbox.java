package io.cloister.channel.flow;

import io.cloister.channel.PeerNetwork;
import io.cloister.channel.Topic;
import io.cloister.codec.Bytes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What one peer has under way to us: pieces are put together, and nobody sends more than the window of a topic that has
 * not been consumed yet. Holds at most one window for each topic. (F3, F5)
 */
public final class Inbox {
    /** A window must hold two of the largest messages, or a sender could wait for ever for the rest of its credit. */
    public static final long MIN_WINDOW = 2 * Units.ofMessage(PeerNetwork.MAX_PAYLOAD);

    /** A whole message and what it cost. */
    public record Message(Bytes payload, long units) {}

    private static final class Lane {
        private final List<Bytes> pieces = new ArrayList<>();
        private int bytes;
        private long units;
        private long granted;
        private long consumed;
    }

    private final long window;
    private final Map<Topic, Lane> lanes = new EnumMap<>(Topic.class);

    /** @param window units that may be under way or unconsumed on each topic */
    public Inbox(long window) {
        if (window < MIN_WINDOW) {
            throw new IllegalArgumentException("a window of " + window + " units is below " + MIN_WINDOW);
        }
        this.window = window;
        for (Topic topic : Topic.values()) {
            Lane lane = new Lane();
            lane.granted = window;
            lanes.put(topic, lane);
        }
    }

    /** The first grant for each topic. */
    public long initialGrant() {
        return window;
    }

    /**
     * Takes a data frame; a message when it was the last piece.
     *
     * @throws FlowViolation beyond the grant or above the largest message
     */
    public Optional<Message> accept(LiveFrame.Data data) {
        Lane lane = lane(data.topic());
        long price = Units.of(data.piece().length());
        if (price > lane.granted) {
            throw new FlowViolation("more than granted on " + data.topic());
        }
        if (lane.bytes + data.piece().length() > PeerNetwork.MAX_PAYLOAD) {
            throw new FlowViolation("a message above the limit on " + data.topic());
        }
        lane.granted -= price;
        lane.units += price;
        lane.bytes += data.piece().length();
        lane.pieces.add(data.piece());
        if (!data.last()) {
            return Optional.empty();
        }
        Bytes payload =
                lane.pieces.size() == 1 ? lane.pieces.getFirst() : Bytes.concat(lane.pieces.toArray(Bytes[]::new));
        Message message = new Message(payload, lane.units);
        lane.pieces.clear();
        lane.units = 0;
        lane.bytes = 0;
        return Optional.of(message);
    }

    /** A message was dealt with; the units to grant again, 0 until a quarter of the window has come together. */
    public long consumed(Topic topic, long units) {
        Lane lane = lane(topic);
        lane.consumed += units;
        if (lane.consumed < window / 4) {
            return 0;
        }
        long grant = lane.consumed;
        lane.consumed = 0;
        lane.granted += grant;
        return grant;
    }

    private Lane lane(Topic topic) {
        return Objects.requireNonNull(lanes.get(topic));
    }
}
