package io.cloister.mpc.node;

import io.cloister.codec.Bytes;
import io.cloister.mpc.Committee;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Messages of peers that wait, with room for so many and so much of each; the peers take turns, so that a noisy one
 * delays and loses only its own. Not thread-safe.
 */
final class TurnQueue {
    private static final int SENDERS = Committee.MAX_SIZE;

    private final int count;
    private final long weight;
    private final Map<Bytes, Waiting> bySender = new LinkedHashMap<>();

    private static final class Waiting {
        final Deque<Inbox.Event.Said> messages = new ArrayDeque<>();
        long weight;
    }

    /** @param weight bytes of memory that the messages of one sender may take */
    TurnQueue(int count, long weight) {
        this.count = count;
        this.weight = weight;
    }

    /** @return false when there is no room left for the sender */
    boolean offer(Inbox.Event.Said said) {
        Waiting waiting = bySender.getOrDefault(said.nodeId(), new Waiting());
        long added = said.message().size();
        boolean stranger = waiting.messages.isEmpty() && bySender.size() >= SENDERS;
        if (stranger || waiting.messages.size() >= count || waiting.weight + added > weight) {
            return false;
        }
        waiting.messages.add(said);
        waiting.weight += added;
        bySender.putIfAbsent(said.nodeId(), waiting);
        return true;
    }

    /** The next message of the sender whose turn it is. */
    Optional<Inbox.Event.Said> poll() {
        Optional<Bytes> turn = bySender.keySet().stream().findFirst();
        return turn.map(sender -> {
            Waiting waiting = Objects.requireNonNull(bySender.remove(sender));
            Inbox.Event.Said said = waiting.messages.removeFirst();
            waiting.weight -= said.message().size();
            if (!waiting.messages.isEmpty()) {
                bySender.put(sender, waiting); // behind all others
            }
            return said;
        });
    }

    boolean isEmpty() {
        return bySender.isEmpty();
    }
}
