package io.cloister.mpc.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Messages about instances that this node's last state does not have yet: a few of each sender, the oldest go first.
 */
final class Parking {
    private static final int MAX_OF_A_SENDER = 32;

    /** Bytes of memory for one sender. */
    private static final long MAX_BYTES = 2L * Message.MAX_LENGTH;

    private final Map<Integer, Deque<Parked>> bySender = new HashMap<>();

    record Parked(int slot, Message message) {}

    void park(int from, Message message) {
        Deque<Parked> ofSender = bySender.computeIfAbsent(from, s -> new ArrayDeque<>());
        ofSender.add(new Parked(from, message));
        while (ofSender.size() > MAX_OF_A_SENDER
                || ofSender.stream().mapToLong(p -> p.message().size()).sum() > MAX_BYTES) {
            ofSender.removeFirst();
        }
    }

    /** Takes out what can be handled by now; what is still ahead stays. */
    List<Parked> takeKnown(Snapshot snapshot) {
        List<Parked> known = new ArrayList<>();
        for (Deque<Parked> ofSender : bySender.values()) {
            ofSender.removeIf(parked -> {
                boolean handled = instance(parked.message()) <= snapshot.newestInstance();
                if (handled) {
                    known.add(parked);
                }
                return handled;
            });
        }
        return known;
    }

    private static long instance(Message message) {
        return switch (message) {
            case Message.DealingPush m -> m.instance();
            case Message.Support m -> m.instance();
            case Message.DealingRequest m -> m.instance();
            case Message.Opening m -> m.instance();
            case Message.BeaconShare m -> 0;
            case Message.SignatureShare m -> 0;
        };
    }
}
