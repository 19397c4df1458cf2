package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.core.Refusal;
import java.util.HashMap;
import java.util.Map;

/**
 * What peers did wrong. A peer above {@link #MUTE} points is not listened to until its points, which fade with every
 * tick, are below half of that.
 */
final class Scores {
    static final int MUTE = 100;

    private final Map<Bytes, Integer> points = new HashMap<>();
    private final Map<Bytes, Boolean> muted = new HashMap<>();

    void refused(Bytes peer, Refusal refusal) {
        int now = points.merge(peer, weight(refusal), Integer::sum);
        if (now > MUTE) {
            points.put(peer, MUTE + 1);
            muted.put(peer, true);
        }
    }

    private static int weight(Refusal refusal) {
        return switch (refusal) {
            case UNPROVEN_HEIGHT -> 1; // a slow network looks the same
            case UNKNOWN_VALIDATOR -> 5;
            case MALFORMED, BAD_SIGNATURE, BAD_PROPOSAL, BAD_POLKA, BAD_EXTENSION -> 20;
            case BAD_STATEMENT, BAD_OPENING, BAD_EVIDENCE -> 20;
            case BAD_BLOCK, BAD_SNAPSHOT -> 40;
        };
    }

    boolean isMuted(Bytes peer) {
        return muted.containsKey(peer);
    }

    void fade() {
        points.replaceAll((peer, old) -> old - 1);
        points.values().removeIf(left -> left <= 0);
        muted.keySet().removeIf(peer -> points.getOrDefault(peer, 0) < MUTE / 2);
    }

    /** Points by peer, for status. */
    Map<Bytes, Integer> points() {
        return Map.copyOf(points);
    }
}
