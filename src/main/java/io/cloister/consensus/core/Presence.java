package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import java.util.HashMap;
import java.util.Map;

/** Where and when each validator was last heard of: by its votes, or by what it says of itself. */
public final class Presence {
    /** One validator's last word. */
    public record Seen(long height, int round, long atMillis) {}

    private final Map<Bytes, Seen> seen = new HashMap<>();

    Presence() {}

    void heard(Bytes nodeId, long height, int round, long atMillis) {
        seen.put(nodeId, new Seen(height, round, atMillis));
    }

    /** Whoever is not of this set is forgotten. */
    void keep(ValidatorSet set) {
        seen.keySet().removeIf(id -> set.byNodeId(id).isEmpty());
    }

    /** Weight of the members that were heard of since a moment, with this node. */
    long heard(ValidatorSet set, Bytes self, long sinceMillis) {
        long weight = 0;
        for (Validator validator : set.validators()) {
            Seen last = seen.get(validator.nodeId());
            boolean lately = last != null && last.atMillis() >= sinceMillis;
            weight += lately || validator.nodeId().equals(self) ? validator.weight() : 0;
        }
        return weight;
    }

    Map<Bytes, Seen> all() {
        return Map.copyOf(seen);
    }
}
