package io.cloister.multichain.rpc;

import io.cloister.codec.Bytes;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.rpc.BitcoinSightings.Found;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * Payments to watched scripts that no block holds yet: the newest few of each script, and the newest so many of all. To
 * let one wait costs next to nothing, so they have room of their own. Not safe for several threads.
 */
final class WaitingPayments {
    static final int MAX_OF_SCRIPT = 16;
    static final int MAX = 1_024;

    private final LinkedHashMap<OutPoint, Found> newest = new LinkedHashMap<>();
    private final Map<Bytes, LinkedHashMap<OutPoint, Found>> byScript = new HashMap<>();

    void keep(OutPoint outPoint, Found found) {
        remove(outPoint);
        LinkedHashMap<OutPoint, Found> own =
                byScript.computeIfAbsent(found.output().script(), script -> new LinkedHashMap<>());
        if (own.size() == MAX_OF_SCRIPT) {
            newest.remove(own.pollFirstEntry().getKey());
        }
        own.put(outPoint, found);
        newest.put(outPoint, found);
        if (newest.size() > MAX) {
            remove(newest.firstEntry().getKey());
        }
    }

    void remove(OutPoint outPoint) {
        Found found = newest.remove(outPoint);
        if (found != null) {
            byScript.computeIfPresent(found.output().script(), (script, own) -> {
                own.remove(outPoint);
                return own.isEmpty() ? null : own;
            });
        }
    }

    void remove(BiPredicate<OutPoint, Found> which) {
        newest.entrySet().stream()
                .filter(entry -> which.test(entry.getKey(), entry.getValue()))
                .map(Map.Entry::getKey)
                .toList()
                .forEach(this::remove);
    }

    Map<OutPoint, Found> all() {
        return newest;
    }
}
