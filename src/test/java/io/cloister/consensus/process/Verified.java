package io.cloister.consensus.process;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Point;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Verifies each request once: remembers by hash those that were genuine, and keys in the form that is quick to use. */
final class Verified {
    private static final int REMEMBERED = 8_192;
    private static final int KEYS = 10_000;

    private final Map<Bytes, Point> keys = new ConcurrentHashMap<>();
    private volatile Set<Bytes> recent = ConcurrentHashMap.newKeySet();
    private volatile Set<Bytes> before = Set.of();

    /** Those of these that are, in their order; those that were not seen before are verified in parallel. */
    List<Bytes> genuine(List<Bytes> transactions) {
        List<Bytes> unknown =
                transactions.stream().filter(it -> !isKnown(Hashes.sha256(it))).toList();
        if (unknown.isEmpty()) {
            return transactions;
        }
        Set<Bytes> forged =
                unknown.parallelStream().filter(it -> !isGenuine(it)).collect(Collectors.toSet());
        return forged.isEmpty()
                ? transactions
                : transactions.stream().filter(it -> !forged.contains(it)).toList();
    }

    private boolean isKnown(Bytes hash) {
        return recent.contains(hash) || before.contains(hash);
    }

    /** Verifies one that is new. */
    boolean isGenuine(Bytes transaction) {
        try {
            Request request = Request.decode(transaction);
            boolean genuine = Ecdsa.verify(key(request.key()), request.digest(), request.signature());
            if (genuine) {
                remember(Hashes.sha256(transaction));
            }
            return genuine;
        } catch (CodecException e) {
            return false;
        }
    }

    private Point key(Bytes encoded) {
        Point known = keys.get(encoded);
        if (known == null) {
            known = Point.decode(encoded);
            if (keys.size() < KEYS) {
                keys.put(encoded, known);
            }
        }
        return known;
    }

    private void remember(Bytes hash) {
        if (recent.size() >= REMEMBERED) {
            before = recent;
            recent = ConcurrentHashMap.newKeySet();
        }
        recent.add(hash);
    }
}
