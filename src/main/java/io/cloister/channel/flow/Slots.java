package io.cloister.channel.flow;

import java.util.HashMap;
import java.util.Map;

/** So many places in all, and no more than a share of them for one address. (F7) */
public final class Slots {
    private final int total;
    private final int perAddress;
    private final Map<String, Integer> taken = new HashMap<>();
    private int used;

    public Slots(int total, int perAddress) {
        this.total = total;
        this.perAddress = perAddress;
    }

    /** Takes a place if there is one. */
    public boolean take(String address) {
        int own = taken.getOrDefault(address, 0);
        if (used >= total || own >= perAddress) {
            return false;
        }
        taken.put(address, own + 1);
        used++;
        return true;
    }

    /** Gives a place back that {@link #take} gave. */
    public void release(String address) {
        taken.computeIfPresent(address, (ignored, own) -> own == 1 ? null : own - 1);
        used--;
    }

    /** Places that are taken. */
    public int used() {
        return used;
    }
}
