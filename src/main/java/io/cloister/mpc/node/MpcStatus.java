package io.cloister.mpc.node;

import io.cloister.mpc.Fault;
import java.util.Map;

/**
 * How this node's part in the threshold protocols is going.
 *
 * @param height last final block that the machines have looked at
 * @param signingShare whether the node has its share of the signing key
 * @param beaconShare whether it has its share of the beacon key
 * @param presignaturesHeld presignatures whose shares are in this boot's memory
 * @param faults what this node has seen members do wrong, and how often
 * @param alarms things that must never happen
 * @param dropped messages that found the inbox full
 */
public record MpcStatus(
        long height,
        boolean signingShare,
        boolean beaconShare,
        int presignaturesHeld,
        Map<Seen, Long> faults,
        long alarms,
        long dropped) {

    /** A kind of fault of a slot. */
    public record Seen(int slot, Fault fault) {}

    public MpcStatus {
        faults = Map.copyOf(faults);
    }

    static MpcStatus idle() {
        return new MpcStatus(0, false, false, 0, Map.of(), 0, 0);
    }
}
