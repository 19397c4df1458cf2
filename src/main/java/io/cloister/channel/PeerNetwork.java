package io.cloister.channel;

import io.cloister.codec.Bytes;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The other nodes, each behind a channel on which both ends have verified the other's evidence. Delivery is at most
 * once and in order within a pair of nodes and a topic; a message is lost when its connection breaks. Thread-safe.
 */
public interface PeerNetwork {
    /** Length of a node id: a compressed secp256k1 public key. */
    int NODE_ID_BYTES = 33;

    /** The largest payload: a block of 4 MiB and 64 KiB for the sender's own header around it. */
    int MAX_PAYLOAD = 4 * 1024 * 1024 + 64 * 1024;

    /** Our own node id. */
    Bytes self();

    /** Node ids with a live, verified connection. */
    Set<Bytes> connected();

    /**
     * Queues a message for one peer.
     *
     * @return false when the peer is not connected or its queue for the topic is full: nothing was queued
     * @throws IllegalArgumentException above {@link #MAX_PAYLOAD} bytes
     */
    boolean send(Bytes nodeId, Topic topic, Bytes payload);

    /** {@link #send} to each connected peer; a peer whose queue is full does not get it. */
    void broadcast(Topic topic, Bytes payload);

    /**
     * Adds a receiver of a topic, called with the sender's node id and the payload, one call at a time for a topic.
     * What arrives before the first receiver waits for it. A receiver that throws {@code CodecException} lowers the
     * sender's score.
     */
    void subscribe(Topic topic, BiConsumer<Bytes, Bytes> receiver);

    /** One entry for each known peer, ordered by node id. */
    List<PeerStatus> status();
}
