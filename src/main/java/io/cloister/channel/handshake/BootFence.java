package io.cloister.channel.handshake;

import io.cloister.attestation.BootKeySet;
import io.cloister.codec.Bytes;
import java.util.HashMap;
import java.util.Map;

/**
 * The highest boot seen from each known node. A rewound or copied node comes back with a boot counter that is lower, or
 * equal under other keys; both stay outside. Bounded by the number of known nodes. Not thread-safe. (H12)
 */
public final class BootFence {
    /** How a boot relates to what was seen before. */
    public enum Standing {
        /** The newest boot so far, or the one already known. */
        CURRENT,
        /** Older than one already seen. */
        STALE,
        /** The number of the newest boot, with other keys. */
        CLONED
    }

    private record Boot(long counter, BootKeySet keys) {}

    private final Map<Bytes, Boot> newest = new HashMap<>();

    /** Where a boot key set stands. Changes nothing. */
    public Standing standing(BootKeySet keys) {
        Boot known = newest.get(keys.nodeId());
        if (known == null || keys.bootCounter() > known.counter()) {
            return Standing.CURRENT;
        }
        if (keys.bootCounter() < known.counter()) {
            return Standing.STALE;
        }
        return sameBoot(keys, known.keys()) ? Standing.CURRENT : Standing.CLONED;
    }

    /** Whether two key sets belong to one boot: all is equal but the HPKE key, which rotates within a boot. */
    static boolean sameBoot(BootKeySet one, BootKeySet other) {
        return one.withHpkeKey(other.hpkeKey32()).equals(other);
    }

    /** Remembers a boot whose handshake was completed; says where it stood. */
    public Standing admit(BootKeySet keys) {
        Standing standing = standing(keys);
        if (standing == Standing.CURRENT) {
            newest.put(keys.nodeId(), new Boot(keys.bootCounter(), keys));
        }
        return standing;
    }

    /** The highest boot counter admitted from a node, 0 when there was none. */
    public long newest(Bytes nodeId) {
        Boot known = newest.get(nodeId);
        return known == null ? 0 : known.counter();
    }
}
