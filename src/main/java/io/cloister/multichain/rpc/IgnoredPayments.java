package io.cloister.multichain.rpc;

import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.rpc.BitcoinSightings.Found;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * Payments to watched scripts that are too small or too late, kept for whoever asks what became of them and for nothing
 * else: the newest so many, so that strangers' dust displaces only dust. Not safe for several threads.
 */
final class IgnoredPayments {
    static final int MAX = 4_096;

    private final LinkedHashMap<OutPoint, Found> newest = new LinkedHashMap<>();

    /** One in a block is never replaced by one that waits. */
    void keep(OutPoint outPoint, Found found) {
        Found known = newest.get(outPoint);
        if (known != null && known.block().isPresent()) {
            return;
        }
        newest.put(outPoint, found);
        if (newest.size() > MAX) {
            newest.pollFirstEntry();
        }
    }

    void remove(BiPredicate<OutPoint, Found> which) {
        newest.entrySet().removeIf(entry -> which.test(entry.getKey(), entry.getValue()));
    }

    Map<OutPoint, Found> all() {
        return newest;
    }
}
